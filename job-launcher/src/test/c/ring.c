/*
 * A small MPI program: `ring [ROUNDS]` passes messages of 64 KiB around and sums over all ranks.
 * `ring ROUNDS segv|exit|abort|hang RANK [CODE]` lets that rank end badly, or never, after the rounds.
 * `ring ROUNDS late FILE` lets rank 0 write to rank 1 and finalize only when the file is there.
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE = 64 * 1024 };

static void pass_around(int rank, int size, int round)
{
    static char message[MESSAGE];
    if (rank == 0) {
        memset(message, round, sizeof message);
        MPI_Send(message, MESSAGE, MPI_BYTE, 1 % size, round, MPI_COMM_WORLD);
    }
    MPI_Recv(message, MESSAGE, MPI_BYTE, (rank + size - 1) % size, round, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    for (int i = 0; i < MESSAGE; i++) {
        if (message[i] != (char) round) {
            fprintf(stderr, "rank %d: byte %d of round %d is wrong\n", rank, i, round);
            MPI_Abort(MPI_COMM_WORLD, 9);
        }
    }
    if (rank != 0) {
        MPI_Send(message, MESSAGE, MPI_BYTE, (rank + 1) % size, round, MPI_COMM_WORLD);
    }
}

static void misbehave(const char *how, int code)
{
    if (strcmp(how, "segv") == 0) {
        *(volatile int *) 8 = 1;
    }
    if (strcmp(how, "exit") == 0) {
        exit(code);
    }
    if (strcmp(how, "abort") == 0) {
        MPI_Abort(MPI_COMM_WORLD, code);
    }
    for (;;) {
        pause();
    }
}

/* Rank 1 gets a message and is done, while rank 0 still owes its connection a flush that rank 1 has to answer. */
static void finalize_late(int rank, const char *file)
{
    int waiting = 0;
    if (rank == 0) {
        MPI_Ssend(&rank, 1, MPI_INT, 1, 0, MPI_COMM_WORLD);
        while (access(file, F_OK) != 0) {
            MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &waiting, MPI_STATUS_IGNORE);
            usleep(1000);
        }
    } else if (rank == 1) {
        MPI_Recv(&waiting, 1, MPI_INT, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
}

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    int rank;
    int size;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    int rounds = argc > 1 ? atoi(argv[1]) : 4;
    for (int round = 0; size > 1 && round < rounds; round++) {
        pass_around(rank, size, round);
    }
    long mine = rank + 1;
    long sum = 0;
    MPI_Allreduce(&mine, &sum, 1, MPI_LONG, MPI_SUM, MPI_COMM_WORLD);
    printf("rank %d of %d, sum %ld\n", rank, size, sum);
    fflush(stdout);
    if (argc > 3 && strcmp(argv[2], "late") == 0) {
        finalize_late(rank, argv[3]);
        MPI_Finalize();
        return 0;
    }
    if (argc > 3 && atoi(argv[3]) == rank) {
        misbehave(argv[2], argc > 4 ? atoi(argv[4]) : 1);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    MPI_Finalize();
    return 0;
}
