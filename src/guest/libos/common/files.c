/*
 * The file half of the interface (library-calls.h): open, read, write, close, lseek, readdir, stat,
 * fstat, dup, isatty, the working directory. The disk is read-only to programs; what can be written
 * is the terminal line.
 */
#include "disk.h"
#include "files.h"
#include "line.h"
#include "process.h"
#include <generated/library-calls.h>
#include <string.h>

#define DESCRIPTOR_MAX 16
#define PATH_SIZE 256

enum kind { KIND_NONE, KIND_LINE, KIND_FILE };

struct descriptor {
    enum kind kind;
    uint32_t position;
    struct ext2_file file;
};

struct ext2 files_root;
static struct descriptor descriptors[DESCRIPTOR_MAX];
static char working_directory[PATH_SIZE] = "/";

int files_start(void)
{
    for (int i = 0; i < 3; i++)
        descriptors[i].kind = KIND_LINE;
    return ext2_mount(&files_root, disk_block, NULL);
}

static int error_of(int ext2_error)
{
    switch (ext2_error) {
    case EXT2_ERROR_MISSING:
        return EXO_ENOENT;
    case EXT2_ERROR_NOT_DIRECTORY:
        return EXO_ENOTDIR;
    default:
        return EXO_EIO;
    }
}

int files_open(const char *path, struct ext2_file *file)
{
    char full[PATH_SIZE];

    if (path[0] == '/')
        return ext2_open(&files_root, path, file);
    if (strlen(working_directory) + 1 + strlen(path) >= PATH_SIZE)
        return EXT2_ERROR_MISSING;
    strcpy(full, working_directory);
    strcat(full, "/");
    strcat(full, path);
    return ext2_open(&files_root, full, file);
}

static struct descriptor *descriptor_of(int fd)
{
    if (fd < 0 || fd >= DESCRIPTOR_MAX || descriptors[fd].kind == KIND_NONE)
        return NULL;
    return &descriptors[fd];
}

static int free_descriptor(void)
{
    for (int fd = 0; fd < DESCRIPTOR_MAX; fd++)
        if (descriptors[fd].kind == KIND_NONE)
            return fd;
    return -1;
}

static void describe(const struct ext2_file *file, struct exo_stat *into)
{
    into->inode = file->inode;
    into->type = ext2_is_directory(file) ? EXO_TYPE_DIRECTORY : EXO_TYPE_FILE;
    into->size = file->size;
    into->mode = file->mode;
    into->mtime = file->modified;
    into->links = 1;
}

int exo_open(const char *path, int flags)
{
    int result;

    if (flags != EXO_O_RDONLY)
        return process_fail(EXO_EROFS);
    int fd = free_descriptor();
    if (fd < 0)
        return process_fail(EXO_EMFILE);
    process_enter();
    result = files_open(path, &descriptors[fd].file);
    process_leave();
    if (result < 0)
        return process_fail(error_of(result));
    descriptors[fd].kind = KIND_FILE;
    descriptors[fd].position = 0;
    return fd;
}

int exo_close(int fd)
{
    struct descriptor *descriptor = descriptor_of(fd);

    if (!descriptor)
        return process_fail(EXO_EBADF);
    descriptor->kind = KIND_NONE;
    return 0;
}

int exo_read(int fd, void *buffer, uint32_t count)
{
    struct descriptor *descriptor = descriptor_of(fd);
    int result;

    if (!descriptor)
        return process_fail(EXO_EBADF);
    if (descriptor->kind == KIND_FILE && ext2_is_directory(&descriptor->file))
        return process_fail(EXO_EISDIR);
    process_enter();
    if (descriptor->kind == KIND_LINE) {
        result = line_read(buffer, count);
    } else {
        result = ext2_read(&files_root, &descriptor->file, descriptor->position, buffer, count);
        if (result > 0)
            descriptor->position += (uint32_t)result;
    }
    process_leave();
    return result < 0 ? process_fail(EXO_EIO) : result;
}

int exo_write(int fd, const void *buffer, uint32_t count)
{
    struct descriptor *descriptor = descriptor_of(fd);

    if (!descriptor)
        return process_fail(EXO_EBADF);
    if (descriptor->kind != KIND_LINE)
        return process_fail(EXO_EROFS);
    process_enter();
    int result = line_write(buffer, count);
    process_leave();
    return result < 0 ? process_fail(EXO_EIO) : result;
}

int32_t exo_lseek(int fd, int32_t offset, int whence)
{
    struct descriptor *descriptor = descriptor_of(fd);

    if (!descriptor || descriptor->kind != KIND_FILE)
        return process_fail(EXO_EBADF);
    int32_t from = whence == EXO_SEEK_CUR ? (int32_t)descriptor->position
                   : whence == EXO_SEEK_END ? (int32_t)descriptor->file.size : 0;
    if (from + offset < 0)
        return process_fail(EXO_EINVAL);
    descriptor->position = (uint32_t)(from + offset);
    return from + offset;
}

int exo_readdir(int fd, struct exo_dirent *into)
{
    struct descriptor *descriptor = descriptor_of(fd);
    struct ext2_entry entry;
    struct ext2_file file;

    if (!descriptor || descriptor->kind != KIND_FILE)
        return process_fail(EXO_EBADF);
    process_enter();
    int result = ext2_next_entry(&files_root, &descriptor->file, &descriptor->position, &entry);
    if (result > 0 && ext2_open_inode(&files_root, entry.inode, &file) < 0)
        result = EXT2_ERROR_IO;
    process_leave();
    if (result < 0)
        return process_fail(error_of(result));
    if (result == 0)
        return 0;
    into->inode = entry.inode;
    into->type = ext2_is_directory(&file) ? EXO_TYPE_DIRECTORY : EXO_TYPE_FILE;
    into->name_length = (uint8_t)strlcpy(into->name, entry.name, sizeof into->name);
    into->reserved = 0;
    return 1;
}

int exo_stat(const char *path, struct exo_stat *into)
{
    struct ext2_file file;

    process_enter();
    int result = files_open(path, &file);
    process_leave();
    if (result < 0)
        return process_fail(error_of(result));
    describe(&file, into);
    return 0;
}

int exo_fstat(int fd, struct exo_stat *into)
{
    struct descriptor *descriptor = descriptor_of(fd);

    if (!descriptor)
        return process_fail(EXO_EBADF);
    if (descriptor->kind == KIND_FILE) {
        describe(&descriptor->file, into);
    } else {
        memset(into, 0, sizeof *into);
        into->type = EXO_TYPE_LINE;
    }
    return 0;
}

int exo_dup(int fd)
{
    struct descriptor *descriptor = descriptor_of(fd);
    int copy = free_descriptor();

    if (!descriptor)
        return process_fail(EXO_EBADF);
    if (copy < 0)
        return process_fail(EXO_EMFILE);
    descriptors[copy] = *descriptor;
    return copy;
}

int exo_isatty(int fd)
{
    struct descriptor *descriptor = descriptor_of(fd);

    return descriptor && descriptor->kind == KIND_LINE;
}

char *exo_getcwd(char *buffer, uint32_t size)
{
    if (strlcpy(buffer, working_directory, size) >= size) {
        process_fail(EXO_EINVAL);
        return NULL;
    }
    return buffer;
}

int exo_chdir(const char *path)
{
    struct exo_stat status;
    char full[PATH_SIZE];

    if (exo_stat(path, &status) < 0)
        return -1;
    if (status.type != EXO_TYPE_DIRECTORY)
        return process_fail(EXO_ENOTDIR);
    if (path[0] == '/') {
        strlcpy(working_directory, path, PATH_SIZE);
        return 0;
    }
    strlcpy(full, working_directory, PATH_SIZE);
    if (strlen(full) + 1 + strlen(path) >= PATH_SIZE)
        return process_fail(EXO_EINVAL);
    if (strcmp(full, "/") != 0)
        strcat(full, "/");
    strcat(full, path);
    strcpy(working_directory, full);
    return 0;
}
