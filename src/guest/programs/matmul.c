/*
 * The paper's matrix multiplication: 150x150 integers, three nested loops, nothing clever. The
 * result is verified: for every row of C = A B, its sum must equal A times the row sums of B, which
 * takes n^2 instead of n^3 steps and other code. A host measures between the marks (bench.h), as the
 * paper: all of it, of which 150^3 inner steps are the most.
 */
#include <bench.h>
#include <stdint.h>
#include <stdio.h>

#define SIZE 150

static int32_t a[SIZE][SIZE];
static int32_t b[SIZE][SIZE];
static int32_t c[SIZE][SIZE];

static void fill(void)
{
    uint32_t x = 12345;

    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++) {
            x = x * 1103515245u + 12345u;
            a[i][j] = (int32_t)(x >> 16) % 1000;
            x = x * 1103515245u + 12345u;
            b[i][j] = (int32_t)(x >> 16) % 1000;
        }
    }
}

static void __attribute__((noinline)) multiply(void)
{
    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++) {
            int32_t sum = 0;
            for (int k = 0; k < SIZE; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
    }
}

static int count_wrong_rows(void)
{
    static int32_t row_sums[SIZE];
    int wrong = 0;

    for (int k = 0; k < SIZE; k++) {
        row_sums[k] = 0;
        for (int j = 0; j < SIZE; j++)
            row_sums[k] += b[k][j];
    }
    for (int i = 0; i < SIZE; i++) {
        int32_t expected = 0;
        int32_t found = 0;
        for (int k = 0; k < SIZE; k++) {
            expected += a[i][k] * row_sums[k];
            found += c[i][k];
        }
        if (expected != found)
            wrong++;
    }
    return wrong;
}

int main(int argc, char **argv)
{
    uint32_t checksum = 0;

    (void)argv;
    if (argc > 1) {
        printf("usage: matmul\n");
        return 2;
    }
    bench_begin(BENCH_MATRIX);
    fill();
    multiply();
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            checksum = checksum * 31 + (uint32_t)c[i][j];
    int wrong = count_wrong_rows();
    bench_end(BENCH_MATRIX);
    printf("matmul %dx%d: checksum %08x, %s\n", SIZE, SIZE, checksum,
           wrong == 0 ? "verified" : "WRONG");
    return wrong == 0 ? 0 : 1;
}
