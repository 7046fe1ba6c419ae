"""The desk: pages for those who answer, from teams to convenors. English alone, kept by nobody."""
