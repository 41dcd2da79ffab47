#ifndef ATOLL_CPROCESSES_H
#define ATOLL_CPROCESSES_H

#include <stddef.h>
#include <stdint.h>

// What starting and ending processes needs of the system and Swift does not see. Linux; elsewhere every function
// answers ENOSYS. Functions answer 0 or the error number, unless said otherwise; each may change errno.

/// A process to start.
typedef struct atoll_child {
    /// An absolute path.
    const char *program;
    /// Ends with NULL; the first is the program's name.
    char *const *arguments;
    /// Ends with NULL; `NAME=value`.
    char *const *environment;
    /// Its working folder; NULL for this process's.
    const char *folder;
    /// Descriptors that become its standard ones; less than 0 for /dev/null.
    int32_t input;
    int32_t output;
    int32_t errors;
    /// One bit for each core that it may use, lowest first; NULL for those of this thread.
    const uint8_t *cores;
    size_t cores_bytes;
    /// Descriptors that become 3 and the numbers after it; all of them above the last of these.
    const int32_t *files;
    size_t files_count;
} atoll_child;

/// Starts a process in a process group of its own, with no signal blocked or ignored, with the three standard
/// descriptors, those of `files` and no other, and on the cores given from its first instruction.
int32_t atoll_child_start(const atoll_child *child, int32_t *identifier);

/// A pipe whose ends are above 2 and are not inherited: reading end, writing end.
int32_t atoll_pipe(int32_t ends[2]);

/// The cores that this thread may use, one bit each, lowest first.
int32_t atoll_cores_allowed(uint8_t *cores, size_t bytes);

/// Forbids a process to leave its memory in a file when it crashes.
int32_t atoll_forbid_core_file(int32_t identifier);

/// A descriptor that stands for this process and never for a later one of the same number; less than 0: none such
/// process, or an older system.
int32_t atoll_process_open(int32_t identifier);

/// Signals the process that the descriptor stands for.
int32_t atoll_process_signal(int32_t descriptor, int32_t signal);

#endif
