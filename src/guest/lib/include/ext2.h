/*
 * A reader for ext2, revision 0 and 1, with 1 KB blocks, no optional features: what our disks hold.
 * It keeps no buffers; the caller's `get` returns a pointer to a block's 1024 bytes that is valid
 * until the next `get` (NULL: disk error). Errors are negative EXT2_ codes. Every number read from
 * the disk is checked against the superblock before use.
 */
#ifndef LIB_EXT2_H
#define LIB_EXT2_H

#include <stdbool.h>
#include <stdint.h>

#define EXT2_BLOCK_SIZE 1024
#define EXT2_NAME_MAX 255
#define EXT2_ROOT_INODE 2

enum {
    EXT2_ERROR_IO = -1,
    EXT2_ERROR_FORMAT = -2,
    EXT2_ERROR_MISSING = -3,
    EXT2_ERROR_NOT_DIRECTORY = -4,
};

struct ext2 {
    const uint8_t *(*get)(void *context, uint32_t block);
    void *context;
    uint32_t block_count;
    uint32_t inode_count;
    uint32_t inodes_per_group;
    uint32_t inode_size;
    uint32_t group_table; /* first block of the group descriptors */
};

struct ext2_file {
    uint32_t inode;
    uint32_t size;
    uint16_t mode;
    uint32_t modified; /* seconds since 1970 */
    uint32_t blocks[15];
};

struct ext2_entry {
    uint32_t inode;
    char name[EXT2_NAME_MAX + 1];
};

int ext2_mount(struct ext2 *fs, const uint8_t *(*get)(void *, uint32_t), void *context);
int ext2_open_inode(struct ext2 *fs, uint32_t inode, struct ext2_file *file);

/* Path from the root; a leading slash is not needed, `.` and `..` work as in any directory. */
int ext2_open(struct ext2 *fs, const char *path, struct ext2_file *file);

/* Disk block of the file's block `index`; 0 is a hole; negative is an error. */
int64_t ext2_block(struct ext2 *fs, const struct ext2_file *file, uint32_t index);

/* Bytes read, fewer only at the end of the file; negative is an error. */
int ext2_read(struct ext2 *fs, const struct ext2_file *file, uint32_t offset, void *to,
              uint32_t count);

/* Entry at `*offset`, which it moves on: 1 an entry, 0 the end, negative an error. Start with 0. */
int ext2_next_entry(struct ext2 *fs, const struct ext2_file *directory, uint32_t *offset,
                    struct ext2_entry *entry);

static inline bool ext2_is_directory(const struct ext2_file *file)
{
    return (file->mode & 0xf000) == 0x4000;
}

#endif
