"""Collections of single persons: their files, their own index, and nothing of it for anybody else."""
