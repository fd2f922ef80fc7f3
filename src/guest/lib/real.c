/*
 * Doubles as decimal text, by whole numbers alone. A double is m * 2^e, and every such number has
 * finitely many decimal digits: they are all worked out, in groups of four, and rounded once, ties to
 * even. So every digit asked for is right, as with a C library that takes the same trouble.
 */
#include "format.h"

#define GROUP 10000
#define GROUP_DIGITS 4
#define WHOLE_GROUPS 78 /* 2^1024 has 309 digits */
#define GROUPS (WHOLE_GROUPS + 269) /* 2^-1074 has 1074 behind the point */
#define SIGNIFICAND_BITS 52
#define EXPONENT_MAX 0x7ff
#define DEFAULT_PRECISION 6

/* Groups outside of first..end-1 are zero; WHOLE_GROUPS of them lie before the point. */
struct decimal {
    uint16_t groups[GROUPS];
    int first;
    int end;
};

static const uint16_t powers[GROUP_DIGITS] = { 1, 10, 100, 1000 };

static void multiply(struct decimal *number, int bits)
{
    for (; bits > 0; bits -= 16) {
        int shift = bits < 16 ? bits : 16;
        uint32_t carry = 0;
        for (int i = number->end - 1; i >= number->first; i--) {
            uint32_t group = ((uint32_t)number->groups[i] << shift) + carry;
            number->groups[i] = (uint16_t)(group % GROUP);
            carry = group / GROUP;
        }
        for (; carry > 0; carry /= GROUP)
            number->groups[--number->first] = (uint16_t)(carry % GROUP);
    }
}

static void divide(struct decimal *number, int bits)
{
    for (; bits > 0; bits -= 4) {
        int shift = bits < 4 ? bits : 4;
        uint32_t carry = 0;
        for (int i = number->first; i < number->end; i++) {
            uint32_t group = number->groups[i];
            number->groups[i] = (uint16_t)((group >> shift) + carry);
            carry = (group & ((1u << shift) - 1)) * ((uint32_t)GROUP >> shift);
        }
        if (carry > 0)
            number->groups[number->end++] = (uint16_t)carry;
        if (number->groups[number->first] == 0)
            number->first++;
    }
}

static void set(struct decimal *number, uint64_t significand, int exponent)
{
    number->first = number->end = WHOLE_GROUPS;
    for (; exponent < 0 && significand && !(significand & 1); exponent++)
        significand >>= 1;
    for (; significand > 0; significand /= GROUP)
        number->groups[--number->first] = (uint16_t)(significand % GROUP);
    if (number->first == number->end)
        return;
    multiply(number, exponent);
    divide(number, -exponent);
}

/* Group with the digit of 10^place. */
static int group_of(int place)
{
    return WHOLE_GROUPS - 1 - (place >= 0 ? place : place - (GROUP_DIGITS - 1)) / GROUP_DIGITS;
}

static int digit(const struct decimal *number, int place)
{
    int group = group_of(place);

    if (group < number->first || group >= number->end)
        return 0;
    return number->groups[group] / powers[place & (GROUP_DIGITS - 1)] % 10;
}

/* Place of the first digit that is not 0; of zero itself 0. */
static int top_place(const struct decimal *number)
{
    int place = (WHOLE_GROUPS - number->first) * GROUP_DIGITS - 1;

    if (number->first == number->end)
        return 0;
    while (digit(number, place) == 0)
        place--;
    return place;
}

/* To a multiple of 10^place, as far as digits from there upwards are concerned. */
static void round_at(struct decimal *number, int place)
{
    int group = group_of(place - 1);

    if (group >= number->end || group < number->first)
        return;
    uint32_t power = powers[(place - 1) & (GROUP_DIGITS - 1)];
    uint32_t rest = number->groups[group] % (10 * power);
    bool is_more = rest > 5 * power;
    for (int i = group + 1; rest == 5 * power && i < number->end; i++)
        is_more |= number->groups[i] != 0;
    if (rest < 5 * power || (!is_more && digit(number, place) % 2 == 0))
        return;
    uint32_t carry = powers[place & (GROUP_DIGITS - 1)];
    for (int i = group_of(place); carry > 0; i--) {
        uint32_t sum = carry + (i >= number->first ? number->groups[i] : 0);
        if (i < number->first)
            number->first = i;
        number->groups[i] = (uint16_t)(sum % GROUP);
        carry = sum / GROUP;
    }
}

static void emit_before(struct sink *sink, const struct conversion *how, char sign, int count,
                        bool is_zero_padded)
{
    int padding = how->width - count - (sign ? 1 : 0);

    if (!how->is_left && !is_zero_padded)
        emit_padding(sink, ' ', padding);
    if (sign)
        emit(sink, sign);
    if (!how->is_left && is_zero_padded)
        emit_padding(sink, '0', padding);
}

static void emit_word(struct sink *sink, const struct conversion *how, char sign, const char *word)
{
    emit_before(sink, how, sign, 3, false);
    for (int i = 0; i < 3; i++)
        emit(sink, word[i]);
}

static int exponent_length(int exponent)
{
    return exponent > -100 && exponent < 100 ? 4 : 5;
}

static void emit_exponent(struct sink *sink, int exponent, char letter)
{
    int size = exponent < 0 ? -exponent : exponent;

    emit(sink, letter);
    emit(sink, exponent < 0 ? '-' : '+');
    if (size >= 100)
        emit(sink, (char)('0' + size / 100));
    emit(sink, (char)('0' + size / 10 % 10));
    emit(sink, (char)('0' + size % 10));
}

/*
 * Digits from place `top` down to the one of `unit`, a point, `fraction` more; with an exponent, when
 * letter is not 0.
 */
static void emit_digits(struct sink *sink, const struct conversion *how, char sign,
                        const struct decimal *number, int top, int unit, int fraction, char letter)
{
    int length = top - unit + 1 + (fraction > 0 ? fraction + 1 : 0)
                 + (letter ? exponent_length(unit) : 0);

    emit_before(sink, how, sign, length, how->is_zero_padded);
    for (int place = top; place >= unit - fraction; place--) {
        if (place == unit - 1)
            emit(sink, '.');
        emit(sink, (char)('0' + digit(number, place)));
    }
    if (letter)
        emit_exponent(sink, unit, letter);
}

static void emit_number(struct sink *sink, const struct conversion *how, char sign,
                        struct decimal *number, char kind, bool is_upper)
{
    int precision = how->precision < 0 ? DEFAULT_PRECISION : how->precision;
    bool has_exponent = kind == 'e';

    if (kind == 'f') {
        round_at(number, -precision);
    } else {
        if (kind == 'g')
            precision = precision > 0 ? precision - 1 : 0;
        round_at(number, top_place(number) - precision);
    }
    int top = top_place(number);
    if (kind == 'g') {
        int last = top - precision;
        while (last < top && digit(number, last) == 0)
            last++;
        has_exponent = top > precision || top < -4;
        precision = has_exponent ? top - last : last < 0 ? -last : 0;
    }
    if (has_exponent)
        emit_digits(sink, how, sign, number, top, top, precision, is_upper ? 'E' : 'e');
    else
        emit_digits(sink, how, sign, number, top > 0 ? top : 0, 0, precision, 0);
}

void emit_real(struct sink *sink, const struct conversion *how, uint64_t bits, char kind)
{
    struct decimal number;
    char sign = bits >> 63 ? '-' : how->has_plus ? '+' : 0;
    bool is_upper = kind < 'a';
    int exponent = (int)(bits >> SIGNIFICAND_BITS) & EXPONENT_MAX;
    uint64_t significand = bits & (((uint64_t)1 << SIGNIFICAND_BITS) - 1);
    int before = sink->length;

    if (exponent == EXPONENT_MAX) {
        emit_word(sink, how, sign,
                  significand ? (is_upper ? "NAN" : "nan") : is_upper ? "INF" : "inf");
    } else {
        if (exponent > 0)
            significand |= (uint64_t)1 << SIGNIFICAND_BITS;
        else
            exponent = 1;
        set(&number, significand, exponent - 1023 - SIGNIFICAND_BITS);
        emit_number(sink, how, sign, &number, is_upper ? (char)(kind + 'a' - 'A') : kind, is_upper);
    }
    if (how->is_left)
        emit_padding(sink, ' ', how->width - (sink->length - before));
}
