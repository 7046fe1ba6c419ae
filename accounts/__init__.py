"""Who people are and for whom they speak."""
