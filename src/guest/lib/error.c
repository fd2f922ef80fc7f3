/* Error numbers for people. */
#include <errno.h>

const char *strerror(int error)
{
    switch (error) {
    case E_NONE:
        return "none left";
    case E_QUOTA:
        return "quota exceeded";
    case EXO_ENOENT:
        return "no such file or directory";
    case EXO_EBADF:
        return "bad file descriptor";
    case EXO_EINVAL:
        return "invalid argument";
    case EXO_ENOMEM:
        return "out of memory";
    case EXO_EACCES:
        return "permission denied";
    case EXO_ENOTDIR:
        return "not a directory";
    case EXO_EISDIR:
        return "is a directory";
    case EXO_EMFILE:
        return "too many open files";
    case EXO_EIO:
        return "input or output error";
    case EXO_ENOEXEC:
        return "not a program";
    case EXO_ENOSYS:
        return "not offered by this library OS";
    case EXO_ECHILD:
        return "no such child";
    case EXO_EROFS:
        return "read-only file system";
    case EXO_EAGAIN:
        return "try again";
    default:
        return "error";
    }
}
