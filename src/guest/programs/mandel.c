/*
 * mandel [columns rows [zoom]]: the Mandelbrot set in characters, computed in doubles; zoom halves
 * what is seen that many times. The last line says how many steps it took, which a host can check.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define COLUMNS 72
#define ROWS 22
#define COLUMNS_MAX 250
#define ZOOM_MAX 44 /* the doubles of neighbours differ until then */
#define STEPS_MAX 512

static uint32_t steps_outside(double re, double im)
{
    double x = 0, y = 0, xx = 0, yy = 0;
    uint32_t steps = 0;

    while (steps < STEPS_MAX && xx + yy <= 4) {
        y = 2 * x * y + im;
        x = xx - yy + re;
        xx = x * x;
        yy = y * y;
        steps++;
    }
    return steps;
}

static char shade(uint32_t steps)
{
    static const char shades[] = ".,:;-=+*oxOX%#";

    return steps == STEPS_MAX ? ' ' : shades[steps % (sizeof shades - 1)];
}

int main(int argc, char **argv)
{
    int columns = argc > 2 ? atoi(argv[1]) : COLUMNS;
    int rows = argc > 2 ? atoi(argv[2]) : ROWS;
    int zoom = argc > 3 ? atoi(argv[3]) : 0;
    double re = -0.7, im = 0, width = 3.2;
    char line[COLUMNS_MAX + 1];
    uint32_t total = 0;

    if (argc == 2 || columns < 1 || columns > COLUMNS_MAX || rows < 1 || zoom < 0
        || zoom > ZOOM_MAX) {
        printf("usage: mandel [columns rows [zoom]], columns 1-%d, zoom 0-%d\n", COLUMNS_MAX,
               ZOOM_MAX);
        return 2;
    }
    if (zoom > 0) {
        re = -0.743643887037151;
        im = 0.131825904205330;
    }
    for (int i = 0; i < zoom; i++)
        width /= 2;
    double step = width / columns; /* a character is twice as high as wide */
    for (int row = 0; row < rows; row++) {
        double y = im + (rows / 2 - row) * 2 * step;
        for (int column = 0; column < columns; column++) {
            uint32_t steps = steps_outside(re + (column - columns / 2) * step, y);
            line[column] = shade(steps);
            total += steps;
        }
        line[columns] = 0;
        printf("%s\n", line);
    }
    printf("mandel: %g wide at %.15g%+.15gi, %u steps\n", width, re, im, total);
    return 0;
}
