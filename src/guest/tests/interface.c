/*
 * Tests of the library OS interface, on whichever library OS runs it: memory, faults, files, time.
 * Prints TAP.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <tap.h>
#include <unistd.h>

#define AREA 0x30000000u
#define PAGE_SIZE 4096u
#define BOTH (EXO_PROT_READ | EXO_PROT_WRITE)

static volatile uint32_t fault_address;
static volatile int fault_was_write;
static volatile uint32_t fault_count;

static int repair(uint32_t address, int is_write, uint32_t epc)
{
    (void)epc;
    fault_address = address;
    fault_was_write = is_write;
    fault_count++;
    return exo_page_protect((void *)(address & ~(PAGE_SIZE - 1)), 1, BOTH) == 0;
}

static int provide(uint32_t address, int is_write, uint32_t epc)
{
    (void)is_write;
    (void)epc;
    fault_count++;
    return exo_page_map((void *)(address & ~(PAGE_SIZE - 1)), 1, BOTH) != NULL;
}

static void test_memory(void)
{
    volatile uint32_t *area = exo_page_map((void *)AREA, 8, BOTH);
    struct exo_page_statistics before;
    struct exo_page_statistics after;

    tap_ok(area == (volatile uint32_t *)AREA && area[0] == 0 && area[7 * 1024 + 1023] == 0,
           "mapped pages are zeros");
    tap_ok(exo_page_map((void *)(AREA + PAGE_SIZE), 1, BOTH) == NULL && errno == EXO_EINVAL,
           "mapping over a mapping is refused");
    tap_ok(exo_page_map((void *)0x1000, 1, BOTH) == NULL, "mapping over the program is refused");
    for (uint32_t i = 0; i < 8; i++)
        area[i * 1024] = i + 1;
    exo_page_statistics(&before);
    tap_ok(exo_page_unmap((void *)(AREA + 2 * PAGE_SIZE), 3) == 3, "three pages are given back");
    exo_page_statistics(&after);
    tap_ok(before.pages - after.pages == 3, "Aegis counts three fewer");
    tap_ok(area[1024] == 2 && area[2 * 1024] == 0 && area[5 * 1024] == 6,
           "those are zeros again, the others as before");
    uint32_t *anywhere = exo_page_map(NULL, 2, BOTH);
    tap_ok(anywhere && (uint32_t)anywhere >= AREA + 8 * PAGE_SIZE,
           "an address of the library's choice");
    char *end = sbrk(0);
    char *block = sbrk(3 * PAGE_SIZE);
    block[0] = 1;
    block[3 * PAGE_SIZE - 1] = 2;
    tap_ok(block == end && sbrk(-3 * (int)PAGE_SIZE) == end + 3 * PAGE_SIZE && sbrk(0) == end,
           "the heap grows and shrinks");
}

static void test_faults(void)
{
    volatile uint32_t *area = (volatile uint32_t *)AREA;

    exo_on_fault(repair);
    area[0] = 77;
    exo_page_protect((void *)AREA, 1, EXO_PROT_READ);
    tap_ok(area[0] == 77 && fault_count == 0, "a protected page can be read");
    area[1] = 78;
    tap_ok(fault_count == 1 && fault_address == AREA + 4 && fault_was_write && area[1] == 78,
           "writing it calls the handler, then goes through");
    exo_page_protect((void *)AREA, 1, 0);
    uint32_t value = area[0];
    tap_ok(value == 77 && fault_count == 2 && !fault_was_write,
           "so does reading a page without any access");
    exo_on_fault(provide);
    *(volatile uint32_t *)0x50000004 = 5;
    tap_ok(fault_count == 3 && *(volatile uint32_t *)0x50000004 == 5,
           "a handler can map what was missing");
    exo_on_fault(NULL);
}

static void test_files(void)
{
    static char first[256];
    static char second[256];
    struct exo_stat status;
    int file = open("/bin/hello", O_RDONLY);

    tap_ok(file > 2 && exo_fstat(file, &status) == 0 && status.type == EXO_TYPE_FILE
           && status.size > 1000,
           "a file opens and tells its size");
    tap_ok(read(file, first, 256) == 256 && memcmp(first, "\177ELF", 4) == 0, "it can be read");
    int copy = exo_dup(file);
    tap_ok(lseek(file, 128, EXO_SEEK_SET) == 128 && read(file, second, 128) == 128
               && memcmp(first + 128, second, 128) == 0,
           "and read again from the middle");
    tap_ok(lseek(file, 0, EXO_SEEK_END) == (int32_t)status.size && read(file, second, 1) == 0,
           "it has an end");
    tap_ok(copy > file && close(file) == 0 && read(file, first, 1) == -1 && errno == EXO_EBADF
           && read(copy, first, 1) == 1,
           "a copy outlives it");
    tap_ok(write(copy, first, 1) == -1 && errno == EXO_EROFS
           && open("/bin/hello", EXO_O_RDWR) == -1,
           "the disk cannot be written");
    tap_ok(exo_chdir("/bin") == 0 && exo_stat("hello", &status) == 0
           && exo_getcwd(first, sizeof first)
               && strcmp(first, "/bin") == 0 && exo_stat("../lib/exos.img", &status) == 0,
           "the working directory is where names start");
    tap_ok(exo_chdir("hello") == -1 && errno == EXO_ENOTDIR && open("/bin/hello/x", O_RDONLY) == -1,
           "a file is not a directory");
    tap_ok(exo_isatty(0) && exo_isatty(1) && !exo_isatty(copy),
           "the terminal is one, a file is not");
}

static void test_time(void)
{
    uint32_t start = exo_ticks();

    exo_sleep(3);
    uint32_t passed = exo_ticks() - start;
    tap_ok(passed >= 3 && passed < 8, "sleeping takes its time");
    tap_ok(exo_kill(0x7777) == -1 && exo_wait(-1, NULL) == -1 && errno == EXO_ECHILD,
           "there are no children yet");
}

int main(void)
{
    tap_plan(23);
    test_memory();
    test_faults();
    test_files();
    test_time();
    return tap_end();
}
