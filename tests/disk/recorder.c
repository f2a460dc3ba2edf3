/* A disk that can be cut off: preloaded into a program, it writes down every change the program makes to
 * the files under XUNJI_DISK_ROOT, so that the reader (tests/src/disk) can build what a power cut would
 * have left behind. Nothing is really synced: what was synced is known from the journal, and runs are fast.
 * It can also refuse: from call n on, with EIO, with ENOSPC, after half of the bytes (a short write), or, as a full
 * disk does, only what needs room that a file does not have yet.
 *
 * A record: op, inode, offset, length of the data, lengths of two paths (relative to the root); then the
 * paths, then the data. Calls that would pass by (copy_file_range, sendfile, splice) say that they are not
 * there; the reader compares the journal's end with the folder, so that a way around is noticed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 65536
#define REAL(name) ((__typeof__(&name))real(#name))

struct record {
    uint8_t op;
    uint64_t inode, offset;
    uint32_t length;
    uint16_t first, second;
} __attribute__((packed));

/* Shared with the reader: calls so far; the call that fails first and the first that does not any more
 * (0: none); how: 1 EIO, 2 ENOSPC, 3 half of the bytes and then ENOSPC, 4 ENOSPC where something grows. */
struct control {
    _Atomic uint64_t calls;
    uint64_t from, until, how;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_length;
static int journal = -1;
static struct control *control;
static _Atomic uint8_t known[MOST_FILES];

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("XUNJI_DISK_ROOT"), *to = getenv("XUNJI_DISK_JOURNAL"), *how = getenv("XUNJI_DISK_CONTROL");
    if (!at || !realpath(at, root)) return;
    root_length = strlen(root);
    if (to) journal = REAL(open)(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int fd = how ? REAL(open)(how, O_RDWR | O_CLOEXEC) : -1;
    void *page = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page != MAP_FAILED) control = page;
}

/* The path below the root, or NULL. SQLite's shared memory is made anew after a cut: it is no file of ours. */
static const char *below(int dir, const char *path, char *room) {
    char whole[PATH_MAX];
    if (!root_length || !path) return NULL;
    if (path[0] == '/') snprintf(whole, sizeof whole, "%s", path);
    else {
        char base[PATH_MAX], link[64];
        snprintf(link, sizeof link, dir == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", dir);
        ssize_t n = readlink(link, base, sizeof base - 1);
        if (n < 0) return NULL;
        base[n] = 0;
        if ((size_t)snprintf(whole, sizeof whole, "%s/%s", base, path) >= sizeof whole) return NULL;
    }
    if (strncmp(whole, root, root_length) || whole[root_length] != '/') return NULL;
    snprintf(room, PATH_MAX, "%s", whole + root_length + 1);
    size_t n = strlen(room);
    return n > 4 && !strcmp(room + n - 4, "-shm") ? NULL : room;
}

static void note(uint8_t op, uint64_t inode, uint64_t offset, const void *data, size_t length, const char *a, const char *b) {
    if (journal < 0) return;
    struct record head = {op, inode, offset, (uint32_t)length, a ? (uint16_t)strlen(a) : 0, b ? (uint16_t)strlen(b) : 0};
    struct iovec parts[4] = {{&head, sizeof head}, {(void *)a, head.first}, {(void *)b, head.second}, {(void *)data, length}};
    int kept = errno;
    if (REAL(writev)(journal, parts, 4) < 0) abort();
    errno = kept;
}

static uint64_t inode_of(int fd) {
    struct stat s;
    return fstat(fd, &s) ? 0 : s.st_ino;
}

static int grows(int fd, off_t to) {
    struct stat s;
    return !fstat(fd, &s) && to > s.st_size;
}

static int watched(int fd) { return fd >= 0 && fd < MOST_FILES && known[fd]; }

/* Whether this call is refused; errno is set. `how` gets 3 when half of the bytes shall go through. */
static int refused(uint64_t *how, int grows) {
    if (!control) return 0;
    uint64_t at = ++control->calls, from = control->from;
    if (!from || at < from || (control->until && at >= control->until)) return 0;
    if (control->how == 4 && !grows) return 0;
    *how = control->how == 3 && at > from ? 2 : control->how;
    errno = *how == 1 ? EIO : ENOSPC;
    return 1;
}

#define REFUSE(value, grows) do { uint64_t how_ = 0; if (refused(&how_, grows)) { pthread_mutex_unlock(&lock); return value; } } while (0)

static int opened(int dir, const char *path, int flags, mode_t mode, int (*go)(int, const char *, int, mode_t)) {
    char room[PATH_MAX];
    const char *name = below(dir, path, room);
    /* The folder itself is opened to sync the names in it. */
    if (!name && !(root_length && path && !strcmp(path, root))) return go(dir, path, flags, mode);
    pthread_mutex_lock(&lock);
    struct stat s;
    int was = !fstatat(dir, path, &s, 0), creates = (flags & O_CREAT) && !was;
    if (creates) REFUSE(-1, 1);
    int fd = go(dir, path, flags, mode);
    if (fd >= 0 && fd < MOST_FILES && !fstat(fd, &s)) {
        known[fd] = S_ISDIR(s.st_mode) ? 2 : 1;
        if (S_ISREG(s.st_mode)) note(creates ? 'C' : 'O', s.st_ino, 0, NULL, 0, name, NULL);
        if (was && (flags & O_TRUNC) && S_ISREG(s.st_mode)) note('T', s.st_ino, 0, NULL, 0, NULL, NULL);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

static int go_openat(int dir, const char *path, int flags, mode_t mode) { return REAL(openat)(dir, path, flags, mode); }

#define MODE mode_t mode = 0; if (flags & O_CREAT) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }
int open(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode, go_openat); }
int open64(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags | O_LARGEFILE, mode, go_openat); }
int openat(int dir, const char *path, int flags, ...) { MODE return opened(dir, path, flags, mode, go_openat); }
int openat64(int dir, const char *path, int flags, ...) { MODE return opened(dir, path, flags | O_LARGEFILE, mode, go_openat); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode, go_openat); }
int close(int fd) { if (watched(fd)) known[fd] = 0; return REAL(close)(fd); }

static ssize_t wrote(int fd, const void *data, size_t length, off_t at) {
    pthread_mutex_lock(&lock);
    uint64_t how = 0;
    if (refused(&how, grows(fd, (at < 0 ? lseek(fd, 0, SEEK_CUR) : at) + (off_t)length))) {
        if (how != 3 || length < 2) { pthread_mutex_unlock(&lock); return -1; }
        length /= 2;
    }
    ssize_t n = at < 0 ? REAL(write)(fd, data, length) : REAL(pwrite)(fd, data, length, at);
    if (n > 0) note('W', inode_of(fd), (uint64_t)(at < 0 ? lseek(fd, 0, SEEK_CUR) - n : at), data, (size_t)n, NULL, NULL);
    pthread_mutex_unlock(&lock);
    return n;
}

ssize_t write(int fd, const void *data, size_t n) { return watched(fd) ? wrote(fd, data, n, -1) : REAL(write)(fd, data, n); }
ssize_t pwrite(int fd, const void *data, size_t n, off_t at) { return watched(fd) ? wrote(fd, data, n, at) : REAL(pwrite)(fd, data, n, at); }
ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at) { return pwrite(fd, data, n, at); }
/* As a short write: the caller goes on with what is left. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!watched(fd)) return REAL(writev)(fd, parts, count);
    for (int i = 0; i < count; i++) if (parts[i].iov_len) return wrote(fd, parts[i].iov_base, parts[i].iov_len, -1);
    return 0;
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
    if (!watched(fd)) return REAL(pwritev)(fd, parts, count, at);
    for (int i = 0; i < count; i++) if (parts[i].iov_len) return wrote(fd, parts[i].iov_base, parts[i].iov_len, at);
    return 0;
}

int ftruncate(int fd, off_t length) {
    if (!watched(fd)) return REAL(ftruncate)(fd, length);
    pthread_mutex_lock(&lock);
    REFUSE(-1, grows(fd, length));
    int done = REAL(ftruncate)(fd, length);
    if (!done) note('T', inode_of(fd), (uint64_t)length, NULL, 0, NULL, NULL);
    pthread_mutex_unlock(&lock);
    return done;
}
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

static int synced(int fd) {
    pthread_mutex_lock(&lock);
    REFUSE(-1, 0);
    if (known[fd] == 1) note('S', inode_of(fd), 0, NULL, 0, NULL, NULL);
    else {
        char link[64], whole[PATH_MAX];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, whole, sizeof whole - 1);
        if (n > 0) { whole[n] = 0; note('D', 0, 0, NULL, 0, strlen(whole) > root_length ? whole + root_length + 1 : "", NULL); }
    }
    pthread_mutex_unlock(&lock);
    return 0;
}
int fsync(int fd) { return watched(fd) ? synced(fd) : REAL(fsync)(fd); }
int fdatasync(int fd) { return watched(fd) ? synced(fd) : REAL(fdatasync)(fd); }

/* A change of names: in `op` what it is; done by `call` when nothing refuses it. */
#define NAMES(op, dir_a, path_a, dir_b, path_b, call) \
    char room_a[PATH_MAX], room_b[PATH_MAX]; \
    const char *a = below(dir_a, path_a, room_a), *b = below(dir_b, path_b, room_b); \
    if (!a && !b) return call; \
    pthread_mutex_lock(&lock); \
    REFUSE(-1, op == 'M'); \
    int done = call; \
    if (!done) note(op, 0, 0, NULL, 0, a, b); \
    pthread_mutex_unlock(&lock); \
    return done;

int rename(const char *from, const char *to) { NAMES('R', AT_FDCWD, from, AT_FDCWD, to, REAL(rename)(from, to)) }
int renameat(int d, const char *from, int e, const char *to) { NAMES('R', d, from, e, to, REAL(renameat)(d, from, e, to)) }
int link(const char *from, const char *to) { NAMES('L', AT_FDCWD, from, AT_FDCWD, to, REAL(link)(from, to)) }
int linkat(int d, const char *from, int e, const char *to, int flags) { NAMES('L', d, from, e, to, REAL(linkat)(d, from, e, to, flags)) }
int unlink(const char *path) { NAMES('U', AT_FDCWD, path, AT_FDCWD, NULL, REAL(unlink)(path)) }
int unlinkat(int d, const char *path, int flags) { NAMES(flags & AT_REMOVEDIR ? 'X' : 'U', d, path, d, NULL, REAL(unlinkat)(d, path, flags)) }
int mkdir(const char *path, mode_t mode) { NAMES('M', AT_FDCWD, path, AT_FDCWD, NULL, REAL(mkdir)(path, mode)) }
int rmdir(const char *path) { NAMES('X', AT_FDCWD, path, AT_FDCWD, NULL, REAL(rmdir)(path)) }

static ssize_t absent(void) { errno = ENOSYS; return -1; }
ssize_t copy_file_range(int a, off64_t *b, int c, off64_t *d, size_t e, unsigned f) { (void)a; (void)b; (void)c; (void)d; (void)e; (void)f; return absent(); }
ssize_t sendfile64(int a, int b, off64_t *c, size_t d) { (void)a; (void)b; (void)c; (void)d; return absent(); }
ssize_t splice(int a, off64_t *b, int c, off64_t *d, size_t e, unsigned f) { (void)a; (void)b; (void)c; (void)d; (void)e; (void)f; return absent(); }
int fallocate64(int a, int b, off64_t c, off64_t d) { (void)a; (void)b; (void)c; (void)d; return (int)absent(); }
