"""Passage vectors on a Chroma server, and any number of replicas that follow what is put there."""
