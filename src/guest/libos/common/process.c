/*
 * The process (process.h): first code of the library OS, loading the program, traps, waiting,
 * leaving.
 */
#include "process.h"
#include "disk.h"
#include "files.h"
#include "line.h"
#include "table.h"
#include <elf.h>
#include <generated/library-calls.h>
#include <stdio.h>
#include <string.h>

#define PAGE_MASK (~4095u)
#define CAUSE_ADDRESS_STORE 5 /* and those below: BadVAddr holds an address */
#define STACK_ARGUMENTS 16 /* o32: room for a0-a3 */
#define CODE_COPROCESSOR 11
#define CAUSE_CE 28 /* in Cause: which coprocessor */
#define FCR31_UNIMPLEMENTED 0x20000 /* left to software by the R3010 */

int wait_word(uint32_t physical, uint32_t old, uint32_t deadline);
void enter_program(uint32_t entry, uint32_t stack, uint32_t count, uint32_t arguments)
    __attribute__((noreturn));
void libos_main(void) __attribute__((noreturn));

uint32_t io_physical;
uint32_t process_names_held;

static struct ext2_file program_file;
static int error_number;
static int (*fault_handler)(uint32_t address, int is_write, uint32_t epc);
static struct region *heap;
static uint32_t heap_end;

int process_fail(int error)
{
    error_number = error;
    return -1;
}

int *exo_errno(void)
{
    return &error_number;
}

void process_enter(void)
{
    UPAGE_WORD(U_BUSY)++;
}

void process_leave(void)
{
    if (UPAGE_WORD(U_BUSY) == 1 && UPAGE->pending)
        pending();
    UPAGE_WORD(U_BUSY)--;
}

uint32_t process_events(void)
{
    return ((const volatile struct aegis_env *)memory_env_record(UPAGE->envid))->events;
}

int process_wait(uint32_t physical, uint32_t old, uint32_t deadline)
{
    return wait_word(physical, old, deadline);
}

void process_wait_event(uint32_t seen, uint32_t deadline)
{
    uint32_t record = AEGIS_EXPORT_ENVIRONMENTS + (UPAGE->envid & 255) * sizeof(struct aegis_env);

    if (UPAGE->pending)
        pending();
    else
        wait_word(record + OFFSET_ENV_EVENTS, seen, deadline);
}

void process_complain(const char *what)
{
    char text[160];
    int length = snprintf(text, sizeof text, "%s: %s: %s\n", START->libos, START->strings, what);

    line_write(text, (uint32_t)length < sizeof text ? (uint32_t)length : sizeof text - 1);
}

void process_end(uint32_t status)
{
    for (;;)
        aegis_env_destroy(0, status);
}

void exo_exit(int status)
{
    process_end((uint32_t)status % STATUS_LIBOS);
}

static void __attribute__((noreturn)) give_up(const char *why)
{
    process_complain(why);
    process_end(STATUS_LIBOS);
}

/*
 * One DMA transfer per run of consecutive blocks, straight into the page. Holes are cleared at
 * `to`, if not NULL.
 */
static int read_file_page(struct ext2_file *file, uint32_t offset, uint32_t size, uint32_t physical,
                          uint8_t *to)
{
    uint32_t blocks = (size + EXT2_BLOCK_SIZE - 1) / EXT2_BLOCK_SIZE;

    for (uint32_t i = 0; i < blocks;) {
        int64_t first = ext2_block(&files_root, file, offset / EXT2_BLOCK_SIZE + i);
        uint32_t run = 1;
        if (first < 0)
            return -1;
        if (first == 0) {
            if (to)
                memset(to + i * EXT2_BLOCK_SIZE, 0, EXT2_BLOCK_SIZE);
            i++;
            continue;
        }
        while (i + run < blocks
               && ext2_block(&files_root, file, offset / EXT2_BLOCK_SIZE + i + run) == first + run)
            run++;
        if (disk_read(0, (uint32_t)first * DISK_BLOCK_SECTORS, run * DISK_BLOCK_SECTORS,
                      physical + i * EXT2_BLOCK_SIZE) < 0)
            return -1;
        i += run;
    }
    return 0;
}

int process_read_page(struct ext2_file *file, uint32_t offset, uint32_t physical_page)
{
    uint32_t size = offset < file->size ? file->size - offset : 0;

    return read_file_page(file, offset, size < 4096 ? size : 4096, physical_page << 12, NULL);
}

int process_read_program(uint32_t offset, void *to, uint32_t size, uint32_t physical_page)
{
    uint32_t physical = physical_page << 12;
    int result = START->file_size ? disk_read(1, offset / 512, (size + 511) / 512, physical)
                                  : read_file_page(&program_file, offset, size, physical, to);

    if (result == 0 && size < 4096)
        memset((uint8_t *)to + size, 0, 4096 - size);
    return result;
}

static uint32_t code_of(const struct trap_frame *frame)
{
    return frame->cause >> 2 & 31;
}

/* The FPU is this process's from its first use to another's: Aegis keeps its registers meanwhile. */
static bool takes_fpu(const struct trap_frame *frame)
{
    if (code_of(frame) != CODE_COPROCESSOR || (frame->cause >> CAUSE_CE & 3) != 1)
        return false;
    if (!UPAGE_WORD(U_USES_FPU))
        aegis_env_set(0, AEGIS_FIELD_FPU, U_FPU, 0);
    UPAGE_WORD(U_USES_FPU) = 1;
    aegis_fpu_mod(1);
    return true;
}

static void __attribute__((noreturn)) trap_end(const struct trap_frame *frame)
{
    char text[128];
    uint32_t code = code_of(frame);
    static const char *const names[16] = {
        "interrupt", "write to read-only memory", "load from unmapped memory",
        "store to unmapped memory", "unaligned load", "unaligned store", "bus error on fetch",
        "bus error on load", "system call", "breakpoint", "reserved instruction",
        "coprocessor unusable", "overflow", "trap", "?",
        "floating-point exception",
    };

    int length = snprintf(text, sizeof text, "%s: pc 0x%08x",
                          code == AEGIS_CAUSE_FPU && (frame->address & FCR31_UNIMPLEMENTED)
                              ? "floating-point operation with a NaN, a denormal number or too "
                                "large an integer"
                              : names[code & 15],
                          frame->pc);
    if (code <= CAUSE_ADDRESS_STORE || code == AEGIS_CAUSE_FPU)
        snprintf(text + length, sizeof text - (uint32_t)length, ", %s 0x%08x",
                 code == AEGIS_CAUSE_FPU ? "FCR31" : "address", frame->address);
    process_complain(text);
    process_end(STATUS_FAULT + code);
}

void trap(struct trap_frame *frame)
{
    uint32_t code = code_of(frame);
    int result = 0;

    if (takes_fpu(frame))
        return;
    process_enter();
    pending_repossession();
    if (code <= 3)
        result = memory_fault(frame->address, code);
    process_leave();
    if (result > 0)
        return;
    if (result < 0) {
        process_complain("out of memory");
        process_end(STATUS_LIBOS);
    }
    if (code <= 5 && fault_handler && UPAGE_WORD(U_BUSY) == 0
        && call_handler(frame->address, code == 1 || code == 3 || code == 5, frame->pc,
                        (handler *)fault_handler))
        return;
    trap_end(frame);
}

void *exo_on_fault(int (*handler)(uint32_t address, int is_write, uint32_t epc))
{
    void *old = (void *)fault_handler;

    fault_handler = handler;
    return old;
}

void *exo_on_slice_end(void (*handler)(void))
{
    uint32_t old = UPAGE_WORD(U_SLICE_END);

    UPAGE_WORD(U_SLICE_END) = (uint32_t)handler;
    return (void *)old;
}

void *exo_sbrk(int32_t increment)
{
    uint32_t old = heap_end;

    if (heap_end + (uint32_t)increment < HEAP_LOW || heap_end + (uint32_t)increment > MAP_LOW) {
        process_fail(EXO_ENOMEM);
        return (void *)-1;
    }
    process_enter();
    heap_end += (uint32_t)increment;
    heap->high = (heap_end + 4095) & PAGE_MASK;
    heap->file_high = heap->low;
    if (increment < 0)
        memory_release(heap->high, (old + 4095) & PAGE_MASK);
    process_leave();
    return (void *)old;
}

static void add_program(const struct elf_program *program)
{
    for (uint32_t i = 0; i < program->segment_count; i++) {
        const struct elf_segment *segment = &program->segments[i];
        uint32_t low = segment->address & PAGE_MASK;
        struct region region = {
            .low = low,
            .high = (segment->address + segment->memory_size + 4095) & PAGE_MASK,
            .file_high = segment->address + segment->file_size,
            .file_offset = segment->offset - (segment->address - low),
            .is_writable = segment->is_writable != 0,
        };
        if (memory_add(&region) < 0)
            give_up("its segments overlap");
    }
}

/* Checks the program's headers; does not return when it cannot be run. */
static void load(struct elf_program *program)
{
    uint32_t size = START->file_size;

    if (size == 0) {
        if (files_open(START->strings, &program_file) < 0)
            give_up("no such program");
        size = program_file.size;
    }
    uint32_t head_size = size < ELF_HEAD_SIZE ? size : ELF_HEAD_SIZE;
    const uint8_t *head = NULL;
    if (START->file_size == 0) {
        int64_t block = ext2_block(&files_root, &program_file, 0);
        head = block > 0 ? disk_block(NULL, (uint32_t)block) : NULL;
    } else if (disk_read(1, 0, (head_size + 511) / 512, memory_physical(disk_scratch())) == 0) {
        head = disk_scratch();
    }
    if (!head)
        give_up("cannot read the program file");
    const char *why = elf_check(head, head_size, size, PROGRAM_LOW, PROGRAM_HIGH, program);
    if (why)
        give_up(why);
    add_program(program);
}

static void __attribute__((noreturn)) start_program(const struct elf_program *program)
{
    const char *text = START->strings + strlen(START->strings) + 1;
    uint32_t count = START->argument_count;
    uint32_t size = (uint32_t)(START_STRINGS_SIZE - (text - START->strings));
    char *strings = (char *)(USER_STACK_TOP - START_STRINGS_SIZE);
    char **arguments = (char **)(void *)strings - (count + 1);

    memcpy(strings, text, size);
    for (uint32_t i = 0; i < count; i++) {
        arguments[i] = strings;
        strings += strlen(strings) + 1;
    }
    arguments[count] = NULL;
    uint32_t stack = ((uint32_t)arguments & ~7u) - STACK_ARGUMENTS;
    process_leave();
    enter_program(program->entry, stack, count, (uint32_t)arguments);
}

void libos_main(void)
{
    struct region stack = {
        .low = USER_STACK_TOP - USER_STACK_SIZE,
        .high = USER_STACK_TOP,
        .file_high = USER_STACK_TOP - USER_STACK_SIZE,
        .is_writable = true,
    };
    struct region heap_region = { .low = HEAP_LOW, .high = HEAP_LOW, .file_high = HEAP_LOW,
                                 .is_writable = true };
    struct elf_program program;

    UPAGE_WORD(U_BUSY) = 1;
    int page = memory_page_alloc(MEMORY_ANY_COLOUR);
    if (page < 0)
        process_end(STATUS_LIBOS);
    io_physical = (uint32_t)page << 12;
    if (aegis_env_set(0, AEGIS_FIELD_GUARANTEED + G_IO, io_physical | ENTRY_VALID | ENTRY_WRITABLE,
                      0) < 0)
        process_end(STATUS_LIBOS);
    line_start();
    disk_start();
    if (files_start() < 0)
        give_up("cannot read the root disk");
    memory_add(&heap_region);
    heap = memory_find_low(HEAP_LOW);
    heap_end = HEAP_LOW;
    memory_add(&stack);
    load(&program);
    start_program(&program);
}
