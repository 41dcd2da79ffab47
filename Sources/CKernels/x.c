int atoll_kernels_placeholder(void){return 0;}
