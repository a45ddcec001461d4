"""MR neurography of planes: T2-weighted, STIR and diffusion signals, and pictures of them."""
