/*
 * Checks an ELF executable's headers (see elf.h). Field offsets after the System V ABI and its MIPS
 * supplement.
 */
#include <elf.h>
#include <string.h>

#define PT_LOAD 1
#define PF_W 2
#define EM_MIPS 8
#define ET_EXEC 2
#define EF_MIPS_ARCH 0xf0000000u

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint32_t get16(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8;
}

static const char *add_segment(const uint8_t *header, uint32_t file_size, uint32_t low,
                               uint32_t high, struct elf_program *program)
{
    if (program->segment_count == ELF_SEGMENT_MAX)
        return "it has too many segments";
    struct elf_segment *segment = &program->segments[program->segment_count];
    segment->offset = get32(header + 4);
    segment->address = get32(header + 8);
    segment->file_size = get32(header + 16);
    segment->memory_size = get32(header + 20);
    segment->is_writable = get32(header + 24) & PF_W;
    if (segment->memory_size == 0)
        return NULL;
    if (segment->offset > file_size || segment->file_size > file_size - segment->offset)
        return "it is cut short";
    if (segment->file_size > segment->memory_size)
        return "a segment is larger in the file than in memory";
    if (segment->address < low || segment->address >= high
        || segment->memory_size > high - segment->address)
        return "a segment lies outside of the program's address range";
    if ((segment->address - segment->offset) % 4096)
        return "a segment is not aligned to pages";
    if (segment->address + segment->memory_size > program->end)
        program->end = segment->address + segment->memory_size;
    program->segment_count++;
    return NULL;
}

const char *elf_check(const void *head, uint32_t head_size, uint32_t file_size, uint32_t low,
                      uint32_t high, struct elf_program *program)
{
    const uint8_t *at = head;

    memset(program, 0, sizeof *program);
    if (file_size < 52 || head_size < 52)
        return "it is too short for an ELF header";
    if (memcmp(at, "\177ELF", 4) != 0)
        return "it is not an ELF file";
    if (at[4] != 1 || at[5] != 1 || get16(at + 18) != EM_MIPS)
        return "it is not for 32-bit little-endian MIPS";
    if ((get32(at + 36) & EF_MIPS_ARCH) != 0)
        return "it is not for MIPS I";
    if (get16(at + 16) != ET_EXEC)
        return "it is not a statically linked executable";
    program->entry = get32(at + 24);
    uint32_t table = get32(at + 28);
    uint32_t count = get16(at + 44);
    if (get16(at + 42) != 32 || table > head_size || count * 32 > head_size - table)
        return "its program headers are out of place";
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *header = at + table + 32 * i;
        if (get32(header) != PT_LOAD)
            continue;
        const char *why = add_segment(header, file_size, low, high, program);
        if (why)
            return why;
    }
    if (program->segment_count == 0)
        return "it has nothing to load";
    if (program->entry < low || program->entry >= program->end || program->entry % 4)
        return "its entry point lies outside of it";
    return NULL;
}
