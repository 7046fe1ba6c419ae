"""The domain: what was recommended, promised, reported, judged and disputed."""
