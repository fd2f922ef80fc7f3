/* Lists directories: kind, size and name of each entry, in the order of the disk. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int list(const char *path)
{
    struct exo_dirent entry;
    struct exo_stat status;
    char full[256];
    int directory = open(path, O_RDONLY);

    if (directory < 0 || exo_fstat(directory, &status) < 0) {
        printf("ls: %s: %s\n", path, strerror(errno));
        return 1;
    }
    if (status.type != EXO_TYPE_DIRECTORY) {
        printf("-%9u %s\n", status.size, path);
        close(directory);
        return 0;
    }
    int result;
    while ((result = exo_readdir(directory, &entry)) > 0) {
        if (entry.name[0] == '.')
            continue;
        snprintf(full, sizeof full, "%s/%s", path, entry.name);
        if (exo_stat(full, &status) < 0)
            continue;
        printf("%c%9u %s\n", status.type == EXO_TYPE_DIRECTORY ? 'd' : '-', status.size,
               entry.name);
    }
    close(directory);
    return result < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
    int status = 0;

    if (argc < 2)
        return list(".");
    for (int i = 1; i < argc; i++)
        status |= list(argv[i]);
    return status;
}
