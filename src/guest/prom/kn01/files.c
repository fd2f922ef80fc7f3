/*
 * open, read, lseek, close of the jump table: boot programs read a disk through them, by bytes. A disk is one file from
 * its first sector on, whatever partition and file its name gives. Descriptors 0 and 1 are the console. Disks are
 * not written.
 */
#include "prom.h"
#include "services.h"

#define SECTOR_SIZE 512u
#define FIRST_DISK 2
#define FILE_COUNT 6
#define FROM_START 0
#define FROM_HERE 1

static struct file {
    int is_open;
    uint32_t unit, offset;
} files[FILE_COUNT];

static uint8_t sector[SECTOR_SIZE] __attribute__((aligned(8)));

static struct file *file_of(int descriptor)
{
    int index = descriptor - FIRST_DISK;
    return index >= 0 && index < FILE_COUNT && files[index].is_open ? &files[index] : NULL;
}

int file_open(const char *path, int mode)
{
    int unit = board_disk(path), index;
    uint8_t answer[36];
    if (mode != 0 || unit < 0 || !scsi_inquire((uint32_t)unit, answer))
        return -1;
    for (index = 0; index < FILE_COUNT; index++)
        if (!files[index].is_open) {
            files[index].is_open = 1;
            files[index].unit = (uint32_t)unit;
            files[index].offset = 0;
            return FIRST_DISK + index;
        }
    return -1;
}

static int read_console(char *into, int size)
{
    int count;
    for (count = 0; count < size; count++) {
        into[count] = (char)console_get();
        if (into[count] == '\r' || into[count] == '\n')
            return count + 1;
    }
    return count;
}

/* Sector by sector through a buffer: what is asked for may begin and end anywhere. */
int file_read(int descriptor, void *into, int size)
{
    struct file *file = file_of(descriptor);
    const uint8_t *data = (const uint8_t *)(KSEG1 + ((uint32_t)sector & KSEG_OFFSET_MASK));
    int done = 0;
    if (descriptor == 0)
        return read_console(into, size);
    if (file == NULL)
        return -1;
    while (done < size) {
        uint32_t within = file->offset % SECTOR_SIZE;
        uint32_t part = SECTOR_SIZE - within;
        if (part > (uint32_t)(size - done))
            part = (uint32_t)(size - done);
        if (!scsi_read(file->unit, file->offset / SECTOR_SIZE, 1, (uint32_t)sector & KSEG_OFFSET_MASK))
            return done > 0 ? done : -1;
        memcpy((uint8_t *)into + done, data + within, part);
        file->offset += part;
        done += (int)part;
    }
    return done;
}

int file_write(int descriptor, const void *from, int size)
{
    const char *text = from;
    int count;
    if (descriptor != 1)
        return -1;
    for (count = 0; count < size; count++)
        console_put(text[count]);
    return count;
}

int file_seek(int descriptor, int32_t offset, int whence)
{
    struct file *file = file_of(descriptor);
    if (file == NULL || (whence != FROM_START && whence != FROM_HERE))
        return -1;
    file->offset = whence == FROM_START ? (uint32_t)offset : file->offset + (uint32_t)offset;
    return (int)file->offset;
}

int file_close(int descriptor)
{
    struct file *file = file_of(descriptor);
    if (file == NULL)
        return -1;
    file->is_open = 0;
    return 0;
}
