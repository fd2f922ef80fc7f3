/*
 * The ext2 reader (see ext2.h). Layout after the published ext2 description: superblock at byte
 * 1024, group descriptors of 32 bytes in the block after it, inodes of 128 bytes (or what revision
 * 1 says), 12 direct blocks, then one, two and three levels of indirection, directories as chains
 * of length-prefixed records that never cross a block.
 */
#include <ext2.h>
#include <string.h>

#define SUPERBLOCK_BLOCK 1
#define SUPERBLOCK_MAGIC 0xef53
#define DIRECT_COUNT 12
#define POINTERS_PER_BLOCK (EXT2_BLOCK_SIZE / 4)
#define INCOMPATIBLE_FILETYPE 0x2 /* directory entries carry a type byte; harmless to us */

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint32_t get16(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8;
}

int ext2_mount(struct ext2 *fs, const uint8_t *(*get)(void *, uint32_t), void *context)
{
    const uint8_t *super = get(context, SUPERBLOCK_BLOCK);

    if (!super)
        return EXT2_ERROR_IO;
    if (get16(super + 56) != SUPERBLOCK_MAGIC || get32(super + 24) != 0)
        return EXT2_ERROR_FORMAT;
    fs->get = get;
    fs->context = context;
    fs->inode_count = get32(super + 0);
    fs->block_count = get32(super + 4);
    fs->inodes_per_group = get32(super + 40);
    fs->inode_size = get32(super + 76) == 0 ? 128 : get16(super + 88);
    fs->group_table = get32(super + 20) + 1;
    if (get32(super + 76) > 0 && (get32(super + 96) & ~(uint32_t)INCOMPATIBLE_FILETYPE))
        return EXT2_ERROR_FORMAT;
    if (fs->inodes_per_group == 0 || fs->inode_size < 128 || fs->inode_size > EXT2_BLOCK_SIZE
        || (fs->inode_size & (fs->inode_size - 1)))
        return EXT2_ERROR_FORMAT;
    return 0;
}

static const uint8_t *get_block(struct ext2 *fs, uint32_t block)
{
    return block < fs->block_count ? fs->get(fs->context, block) : NULL;
}

int ext2_open_inode(struct ext2 *fs, uint32_t inode, struct ext2_file *file)
{
    if (inode == 0 || inode > fs->inode_count)
        return EXT2_ERROR_FORMAT;
    uint32_t group = (inode - 1) / fs->inodes_per_group;
    uint32_t index = (inode - 1) % fs->inodes_per_group;
    uint32_t groups_per_block = EXT2_BLOCK_SIZE / 32;
    const uint8_t *at = get_block(fs, fs->group_table + group / groups_per_block);
    if (!at)
        return EXT2_ERROR_IO;
    uint32_t table = get32(at + (group % groups_per_block) * 32 + 8);
    uint32_t byte = index * fs->inode_size;
    at = get_block(fs, table + byte / EXT2_BLOCK_SIZE);
    if (!at)
        return EXT2_ERROR_IO;
    at += byte % EXT2_BLOCK_SIZE;
    file->inode = inode;
    file->mode = (uint16_t)get16(at + 0);
    file->size = get32(at + 4);
    file->modified = get32(at + 16);
    for (int i = 0; i < 15; i++)
        file->blocks[i] = get32(at + 40 + 4 * i);
    return 0;
}

int64_t ext2_block(struct ext2 *fs, const struct ext2_file *file, uint32_t index)
{
    if (index < DIRECT_COUNT)
        return file->blocks[index];
    index -= DIRECT_COUNT;
    uint32_t span = 1;
    for (int level = 0; level < 3; level++) {
        span *= POINTERS_PER_BLOCK;
        if (index >= span) {
            index -= span;
            continue;
        }
        uint32_t block = file->blocks[DIRECT_COUNT + level];
        for (uint32_t step = span / POINTERS_PER_BLOCK; block && step; step /= POINTERS_PER_BLOCK) {
            const uint8_t *at = get_block(fs, block);
            if (!at)
                return EXT2_ERROR_IO;
            block = get32(at + 4 * (index / step));
            index %= step;
        }
        return block;
    }
    return EXT2_ERROR_FORMAT;
}

int ext2_read(struct ext2 *fs, const struct ext2_file *file, uint32_t offset, void *to,
              uint32_t count)
{
    uint8_t *target = to;

    if (offset >= file->size)
        return 0;
    if (count > file->size - offset)
        count = file->size - offset;
    for (uint32_t left = count; left > 0;) {
        uint32_t within = offset % EXT2_BLOCK_SIZE;
        uint32_t piece = EXT2_BLOCK_SIZE - within < left ? EXT2_BLOCK_SIZE - within : left;
        int64_t block = ext2_block(fs, file, offset / EXT2_BLOCK_SIZE);
        if (block < 0)
            return (int)block;
        if (block == 0) {
            memset(target, 0, piece);
        } else {
            const uint8_t *at = get_block(fs, (uint32_t)block);
            if (!at)
                return EXT2_ERROR_IO;
            memcpy(target, at + within, piece);
        }
        target += piece;
        offset += piece;
        left -= piece;
    }
    return (int)count;
}

int ext2_next_entry(struct ext2 *fs, const struct ext2_file *directory, uint32_t *offset,
                    struct ext2_entry *entry)
{
    if (!ext2_is_directory(directory))
        return EXT2_ERROR_NOT_DIRECTORY;
    while (*offset < directory->size) {
        int64_t block = ext2_block(fs, directory, *offset / EXT2_BLOCK_SIZE);
        if (block <= 0)
            return EXT2_ERROR_FORMAT;
        const uint8_t *at = get_block(fs, (uint32_t)block);
        if (!at)
            return EXT2_ERROR_IO;
        uint32_t within = *offset % EXT2_BLOCK_SIZE;
        if (within > EXT2_BLOCK_SIZE - 8)
            return EXT2_ERROR_FORMAT;
        at += within;
        uint32_t length = get16(at + 4);
        uint32_t name_length = at[6];
        if (length < 8 || length % 4 || within + length > EXT2_BLOCK_SIZE
            || 8 + name_length > length)
            return EXT2_ERROR_FORMAT;
        *offset += length;
        entry->inode = get32(at);
        if (entry->inode == 0)
            continue;
        memcpy(entry->name, at + 8, name_length);
        entry->name[name_length] = 0;
        return 1;
    }
    return 0;
}

static int find(struct ext2 *fs, const struct ext2_file *directory, const char *name,
                uint32_t length, uint32_t *inode)
{
    struct ext2_entry entry;
    uint32_t offset = 0;
    int result;

    while ((result = ext2_next_entry(fs, directory, &offset, &entry)) > 0) {
        if (strlen(entry.name) == length && memcmp(entry.name, name, length) == 0) {
            *inode = entry.inode;
            return 0;
        }
    }
    return result < 0 ? result : EXT2_ERROR_MISSING;
}

int ext2_open(struct ext2 *fs, const char *path, struct ext2_file *file)
{
    int result = ext2_open_inode(fs, EXT2_ROOT_INODE, file);

    while (result == 0) {
        while (*path == '/')
            path++;
        if (!*path)
            break;
        uint32_t length = 0;
        while (path[length] && path[length] != '/')
            length++;
        uint32_t inode;
        result = find(fs, file, path, length, &inode);
        if (result == 0)
            result = ext2_open_inode(fs, inode, file);
        path += length;
    }
    return result;
}
