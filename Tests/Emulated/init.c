// The first and only process of an emulated machine: runs the vectors driver, says how it ended, and turns off.
#include <fcntl.h>
#include <stdio.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

int driver_main(int count, char **arguments);

int main(void) {
    int console = open("/dev/console", O_RDWR);
    for (int i = 0; i < 3; i++) (void)dup2(console, i);
    pid_t child = fork();
    if (child == 0) {
        char *arguments[] = {"driver", "/vectors.json", "avx512ifma", NULL};
        _exit(driver_main(3, arguments));
    }
    int status = -1;
    (void)waitpid(child, &status, 0);
    fprintf(stderr, "\nvectors driver ended with status %d\n", status);
    sleep(1);
    (void)reboot(RB_POWER_OFF);
    return 0;
}
