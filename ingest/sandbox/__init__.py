"""PDF, Word and HTML are opened in a process of their own, which has little memory, little time and no network."""
