int atoll_kernels_placeholder(void);
