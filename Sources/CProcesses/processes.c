#define _GNU_SOURCE
#include "CProcesses.h"

#include <errno.h>

#if defined(__linux__)
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static int give(posix_spawn_file_actions_t *actions, int32_t descriptor, int number, int flags) {
    if (descriptor < 0) return posix_spawn_file_actions_addopen(actions, number, "/dev/null", flags, 0);
    return posix_spawn_file_actions_adddup2(actions, descriptor, number);
}

static int describe(const atoll_child *child, posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes) {
    int error = 0;
    if (!error) error = give(actions, child->input, 0, O_RDONLY);
    if (!error) error = give(actions, child->output, 1, O_WRONLY);
    if (!error) error = give(actions, child->errors, 2, O_WRONLY);
    for (size_t file = 0; !error && file < child->files_count; file++)
        error = posix_spawn_file_actions_adddup2(actions, child->files[file], 3 + (int)file);
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, 3 + (int)child->files_count);
    if (!error && child->folder) error = posix_spawn_file_actions_addchdir_np(actions, child->folder);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    if (!error) error = posix_spawnattr_setpgroup(attributes, 0);
    if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (!error)
        error = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    return error;
}

/// A new process has the cores of the thread that starts it, so the thread takes them for as long.
static int spawn(
    const atoll_child *child, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
    int32_t *identifier) {
    cpu_set_t own, wanted;
    int moved = 0;
    if (child->cores && sched_getaffinity(0, sizeof own, &own) == 0) {
        memset(&wanted, 0, sizeof wanted);
        memcpy(&wanted, child->cores, child->cores_bytes < sizeof wanted ? child->cores_bytes : sizeof wanted);
        moved = sched_setaffinity(0, sizeof wanted, &wanted) == 0;
    }
    pid_t process = 0;
    int error = posix_spawn(&process, child->program, actions, attributes, child->arguments, child->environment);
    if (moved) sched_setaffinity(0, sizeof own, &own);
    *identifier = process;
    return error;
}

int32_t atoll_child_start(const atoll_child *child, int32_t *identifier) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = describe(child, &actions, &attributes);
        if (!error) error = spawn(child, &actions, &attributes, identifier);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int32_t atoll_pipe(int32_t ends[2]) {
    int made[2];
    if (pipe2(made, O_CLOEXEC) != 0) return errno;
    int error = 0;
    for (int end = 0; end < 2; end++) {
        ends[end] = made[end];
        if (made[end] > 2) continue;
        ends[end] = fcntl(made[end], F_DUPFD_CLOEXEC, 3);
        if (ends[end] < 0) error = errno;
        close(made[end]);
    }
    if (error) {
        if (ends[0] >= 0) close(ends[0]);
        if (ends[1] >= 0) close(ends[1]);
    }
    return error;
}

int32_t atoll_cores_allowed(uint8_t *cores, size_t bytes) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return errno;
    memset(cores, 0, bytes);
    memcpy(cores, &set, bytes < sizeof set ? bytes : sizeof set);
    return 0;
}

int32_t atoll_forbid_core_file(int32_t identifier) {
    struct rlimit none = {0, 0};
    return prlimit(identifier, RLIMIT_CORE, &none, 0) == 0 ? 0 : errno;
}

int32_t atoll_process_open(int32_t identifier) {
#ifdef SYS_pidfd_open
    return (int32_t)syscall(SYS_pidfd_open, identifier, 0);
#else
    return -1;
#endif
}

int32_t atoll_process_signal(int32_t descriptor, int32_t signal) {
#ifdef SYS_pidfd_send_signal
    return syscall(SYS_pidfd_send_signal, descriptor, signal, 0, 0) == 0 ? 0 : errno;
#else
    return ENOSYS;
#endif
}

#else

int32_t atoll_child_start(const atoll_child *child, int32_t *identifier) { return ENOSYS; }
int32_t atoll_pipe(int32_t ends[2]) { return ENOSYS; }
int32_t atoll_cores_allowed(uint8_t *cores, size_t bytes) { return ENOSYS; }
int32_t atoll_forbid_core_file(int32_t identifier) { return ENOSYS; }
int32_t atoll_process_open(int32_t identifier) { return -1; }
int32_t atoll_process_signal(int32_t descriptor, int32_t signal) { return ENOSYS; }

#endif
