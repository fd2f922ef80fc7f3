/*
 * Booting: from SCSI disk through the DEC boot block, or what a network boot has left in RAM; and halting.
 * Boot block (sector 0, little-endian words): 8 magic, 12 mode (0 contiguous, 1 scattered), 16 load address,
 * 20 entry, 24 map of {sector count, first sector}, at most 61, ended by a count of 0.
 * Kernels are entered by the board's protocol, with the words "boot", path, arguments...
 */
#include "prom.h"

#define SECTOR_SIZE 512u
#define BOOT_MAGIC 0x0002757a
#define MODE_CONTIGUOUS 0
#define MODE_SCATTERED 1
#define MAP_SIZE 61
#define ARGUMENT_COUNT 24
#define ARGUMENT_BYTES 480

struct boot_block {
    uint32_t padding[2];
    uint32_t magic, mode, load_address, entry;
    struct {
        uint32_t count, sector;
    } map[MAP_SIZE];
};

struct boot_request {
    uint32_t magic, entry, argc;
    char *argv[ARGUMENT_COUNT];
};

static struct boot_block block_buffer __attribute__((aligned(8)));
static uint8_t sector_buffer[SECTOR_SIZE] __attribute__((aligned(8)));
static char argument_bytes[ARGUMENT_BYTES];
static char *arguments[ARGUMENT_COUNT + 1];
static uint32_t boot_unit;
static int has_entered_kernel;

static uint32_t physical_of(const void *pointer)
{
    return (uint32_t)pointer & KSEG_OFFSET_MASK;
}

static void *uncached(const void *pointer)
{
    return (void *)(KSEG1 + physical_of(pointer));
}

static int fail(const char *path, const char *why)
{
    prom_printf("?IO: %s (%s)\n", path, why);
    return -1;
}

/* argv in the firmware's own memory, so that the caller's may be overwritten by what is loaded. */
static char **copy_arguments(int argc, char **argv)
{
    char *to = argument_bytes;
    int i;
    for (i = 0; i < argc; i++) {
        uint32_t size = prom_strlen(argv[i]) + 1;
        if (i == ARGUMENT_COUNT || to + size > argument_bytes + ARGUMENT_BYTES)
            break;
        prom_strcpy(to, argv[i]);
        arguments[i] = to;
        to += size;
    }
    arguments[i] = NULL;
    return arguments;
}

/* The first words of both vectors jump to the ROM's handler, until the kernel puts its own there. */
static void install_vectors(void)
{
    static const uint32_t jump[4] = {0x3c1abfc0, 0x375a0180, 0x03400008, 0}; /* lui, ori, jr k0, nop */
    int i;
    for (i = 0; i < 4; i++) {
        REGISTER(KSEG1 + 0x00 + 4 * (uint32_t)i) = jump[i];
        REGISTER(KSEG1 + 0x80 + 4 * (uint32_t)i) = jump[i];
    }
}

static void enter(uint32_t entry, int argc, char **argv)
{
    console_queue(0);
    console_drain();
    serial_init();
    install_vectors();
    board_clear_errors();
    /* Since reset the caches hold nothing but ROM and the firmware's variables, unless a kernel has run. */
    if (has_entered_kernel) {
        cache_invalidate(KSEG0, cache_size(SR_SWC), SR_SWC);
        cache_invalidate(KSEG0, cache_size(0), 0);
    }
    has_entered_kernel = 1;
    board_start_kernel(entry, argc, argv);
}

static int boot_disk(uint32_t unit, int argc, char **argv)
{
    const struct boot_block *block = uncached(&block_buffer);
    uint32_t physical, i, total = 0;
    const char *path = argv[1];
    if (!scsi_read(unit, 0, 1, physical_of(&block_buffer)))
        return fail(path, "no disk");
    if (block->magic != BOOT_MAGIC || block->mode > MODE_SCATTERED)
        return fail(path, "no boot block");
    physical = block->load_address & KSEG_OFFSET_MASK;
    if ((physical & 7) != 0 || physical < 0x10000 || physical >= memory_size())
        return fail(path, "bad load address");
    for (i = 0; i < MAP_SIZE && block->map[i].count != 0; i++) {
        uint32_t count = block->map[i].count;
        if (count > (memory_size() - physical) / SECTOR_SIZE)
            return fail(path, "too large");
        if (!scsi_read(unit, block->map[i].sector, count, physical))
            return fail(path, "read error");
        physical += count * SECTOR_SIZE;
        total += count;
        if (block->mode == MODE_CONTIGUOUS)
            break;
    }
    if (total == 0)
        return fail(path, "empty boot block");
    prom_printf("-scsi boot %s: %u\n", path, total * SECTOR_SIZE);
    enter(block->entry, argc, argv);
    return 0;
}

/* boot [[-f] device[/file] arguments...]; without a device, the environment's. */
int boot_command(int argc, char **argv)
{
    char *words[3] = {"boot", environment_get(BOARD_BOOT_VARIABLE), NULL};
    int unit;
    if (argc > 2 && prom_strcmp(argv[1], "-f") == 0) {
        argc--;
        argv++;
    }
    if (argc < 2) {
        if (words[1] == NULL || words[1][0] == 0)
            return fail("boot", "no boot device: setenv " BOARD_BOOT_VARIABLE " " BOARD_BOOT_DEFAULT);
        argc = 2;
        argv = words;
    }
    argv = copy_arguments(argc, argv);
    arguments[0] = "boot";
    for (argc = 0; argv[argc] != NULL; argc++)
        ;
    unit = board_disk(argv[1]);
    if (unit < 0)
        return fail(argv[1], "no such device; disks are " BOARD_DISKS);
    boot_unit = (uint32_t)unit;
    return boot_disk(boot_unit, argc, argv);
}

/* What the environment names, if it names anything. */
int boot_device(void)
{
    const char *boot = environment_get(BOARD_BOOT_VARIABLE);
    return boot == NULL || boot[0] == 0 ? -1 : boot_command(1, NULL);
}

/* A network boot has loaded a kernel and left its entry and arguments: go there. */
int boot_pending_request(void)
{
    const volatile struct boot_request *request = (const volatile struct boot_request *)NETBOOT_REQUEST;
    char *words[ARGUMENT_COUNT];
    uint32_t count, i;
    if (request->magic != NETBOOT_MAGIC)
        return 0;
    REGISTER(NETBOOT_REQUEST) = 0;
    count = request->argc > ARGUMENT_COUNT ? ARGUMENT_COUNT : request->argc;
    for (i = 0; i < count; i++)
        words[i] = (char *)(KSEG1 + physical_of(request->argv[i]));
    prom_printf("-tftp boot %s\n", count > 1 ? words[1] : "");
    enter(request->entry, (int)count, copy_arguments((int)count, words));
    return 1;
}

/* Call vector: bootinit chooses the disk that bootread reads blocks of 512 bytes from. */
int boot_init(const char *path)
{
    int unit = board_disk(path);
    if (unit < 0)
        return -1;
    boot_unit = (uint32_t)unit;
    return 0;
}

int boot_read(uint32_t block, void *into, uint32_t size)
{
    uint8_t *to = into;
    uint32_t done = 0;
    while (done < size) {
        uint32_t left = size - done;
        if (((uint32_t)to & 7) == 0 && left >= SECTOR_SIZE && (uint32_t)to - KSEG0 < 0x40000000) {
            uint32_t count = left / SECTOR_SIZE;
            if (!scsi_read(boot_unit, block, count, physical_of(to)))
                break;
            cache_invalidate(KSEG0 + (physical_of(to) & ~63u), (count * SECTOR_SIZE + 127) & ~63u, 0);
            block += count;
            to += count * SECTOR_SIZE;
            done += count * SECTOR_SIZE;
        } else {
            uint32_t part = left < SECTOR_SIZE ? left : SECTOR_SIZE;
            if (!scsi_read(boot_unit, block++, 1, physical_of(sector_buffer)))
                break;
            memcpy(to, uncached(sector_buffer), part);
            to += part;
            done += part;
        }
    }
    return (int)done;
}

/* A kernel has ended, by the call vector or by a jump to the reset vector. haltaction says what follows. */
void boot_halt(void)
{
    const char *action = environment_get("haltaction");
    console_drain();
    if (action == NULL || (action[0] != 'b' && action[0] != 'r')) {
        prom_printf("\nhalted\n");
        console_drain();
        prom_stop();
    }
    prom_reinitialise();
}
