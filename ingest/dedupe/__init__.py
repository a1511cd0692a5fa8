"""Many records, one work: which records tell of the same work, which of the same people, and one record made of many."""
