"""Words that are held, hidden or erased, by one mechanism: they leave the places from which anything reads."""
