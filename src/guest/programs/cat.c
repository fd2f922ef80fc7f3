/* Copies files, or its standard input, to its standard output. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static int copy(int from)
{
    static char buffer[1024];
    int count;

    while ((count = read(from, buffer, sizeof buffer)) > 0) {
        for (int done = 0; done < count;) {
            int written = write(STDOUT_FILENO, buffer + done, (size_t)(count - done));
            if (written <= 0)
                return -1;
            done += written;
        }
    }
    return count;
}

int main(int argc, char **argv)
{
    int status = 0;

    if (argc < 2)
        return copy(STDIN_FILENO) < 0 ? 1 : 0;
    for (int i = 1; i < argc; i++) {
        int file = open(argv[i], O_RDONLY);
        if (file < 0 || copy(file) < 0) {
            printf("cat: %s: %s\n", argv[i], strerror(errno));
            status = 1;
        }
        if (file >= 0)
            close(file);
    }
    return status;
}
