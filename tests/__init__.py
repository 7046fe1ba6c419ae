"""What the service promises, tried out."""
