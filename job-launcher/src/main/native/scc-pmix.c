/*
 * Serves PMIx, the interface of process managers that ranks of Open MPI speak, to the ranks of one job on one node:
 *
 *     scc-pmix             serves the job that the first frame on standard input tells of, until that ends
 *     scc-pmix --check     ends with 0 where the PMIx library is there and begins to work
 *
 * One runs on each node of a job, as the job's user, in the job's cgroup. What its ranks want of those of other nodes it
 * tells the job's lead in frames on standard output, and has the answers in frames on standard input; see pmix-frames.h and
 * PmixFrame. Whatever is no such frame ends it with 1.
 */
#define _GNU_SOURCE
#include "pmix-frames.h"

#include <limits.h>
#include <pmix.h>
#include <pmix_server.h>
#include <pthread.h>
#include <signal.h>

enum { MOST_PENDING = 65536 };

static char space[PMIX_MAX_NSLEN + 1];

/* A rank's question that waits for the lead's answer. */
struct pending {
    struct pending *next;
    uint32_t id;
    pmix_modex_cbfunc_t answer;
    void *data;
};

static struct pending *waiting;
static uint32_t last_id;
static size_t waits;
static pthread_mutex_t waiting_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;

static _Noreturn void fail(const char *what, const char *why)
{
    fprintf(stderr, "scc-pmix: %s: %s\n", what, why);
    _exit(1);
}

/* The lead is gone if it cannot be written: then the job is over. */
static void tell(struct frame *frame)
{
    pthread_mutex_lock(&writing);
    int result = frame_write(STDOUT_FILENO, frame);
    pthread_mutex_unlock(&writing);
    frame_free(frame);
    if (result != 0) {
        fail("the job's lead does not hear", strerror(errno));
    }
}

/* 0 if there are too many. */
static uint32_t await_answer(pmix_modex_cbfunc_t answer, void *data)
{
    struct pending *one = malloc(sizeof *one);
    if (one == NULL) {
        return 0;
    }
    pthread_mutex_lock(&waiting_lock);
    uint32_t id = 0;
    if (waits < MOST_PENDING) {
        waits++;
        id = ++last_id;
        *one = (struct pending) {.next = waiting, .id = id, .answer = answer, .data = data};
        waiting = one;
    }
    pthread_mutex_unlock(&waiting_lock);
    if (id == 0) {
        free(one);
    }
    return id;
}

static struct pending *take_waiting(uint32_t id)
{
    pthread_mutex_lock(&waiting_lock);
    struct pending **link = &waiting;
    while (*link != NULL && (*link)->id != id) {
        link = &(*link)->next;
    }
    struct pending *found = *link;
    if (found != NULL) {
        *link = found->next;
        waits--;
    }
    pthread_mutex_unlock(&waiting_lock);
    return found;
}

static bool is_ours(const pmix_proc_t *proc)
{
    return strncmp(proc->nspace, space, PMIX_MAX_NSLEN) == 0;
}

static void tell_of(uint8_t kind, const pmix_proc_t *proc)
{
    struct frame frame;
    frame_begin(&frame, kind);
    frame_number(&frame, proc->rank);
    tell(&frame);
}

static pmix_status_t connected(const pmix_proc_t *proc, void *object, pmix_info_t info[], size_t infos,
                               pmix_op_cbfunc_t done, void *data)
{
    (void) object;
    (void) info;
    (void) infos;
    (void) done;
    (void) data;
    tell_of(ARRIVED, proc);
    return PMIX_OPERATION_SUCCEEDED;
}

static pmix_status_t finalized(const pmix_proc_t *proc, void *object, pmix_op_cbfunc_t done, void *data)
{
    (void) object;
    (void) done;
    (void) data;
    tell_of(FINALIZED, proc);
    return PMIX_OPERATION_SUCCEEDED;
}

static pmix_status_t aborted(const pmix_proc_t *proc, void *object, int status, const char message[],
                             pmix_proc_t procs[], size_t count, pmix_op_cbfunc_t done, void *data)
{
    (void) object;
    (void) procs;
    (void) count;
    (void) done;
    (void) data;
    struct frame frame;
    frame_begin(&frame, ABORTED);
    frame_number(&frame, proc->rank);
    frame_number(&frame, (uint32_t) status);
    frame_text(&frame, message == NULL ? "" : message);
    tell(&frame);
    return PMIX_OPERATION_SUCCEEDED;
}

static pmix_status_t fence(const pmix_proc_t procs[], size_t count, const pmix_info_t info[], size_t infos,
                           char *bytes, size_t length, pmix_modex_cbfunc_t done, void *data)
{
    (void) info;
    (void) infos;
    if (count > FRAME_RANKS || length > FRAME_DATA) {
        return PMIX_ERR_OUT_OF_RESOURCE;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_ours(&procs[i]) || (procs[i].rank != PMIX_RANK_WILDCARD && procs[i].rank >= FRAME_RANKS)) {
            return PMIX_ERR_NOT_SUPPORTED;
        }
    }
    uint32_t id = await_answer(done, data);
    if (id == 0) {
        return PMIX_ERR_OUT_OF_RESOURCE;
    }
    struct frame frame;
    frame_begin(&frame, FENCE);
    frame_number(&frame, id);
    frame_number(&frame, (uint32_t) count);
    for (size_t i = 0; i < count; i++) {
        frame_number(&frame, procs[i].rank);
    }
    frame_bytes(&frame, bytes, length);
    tell(&frame);
    free(bytes);
    return PMIX_SUCCESS;
}

static pmix_status_t want(const pmix_proc_t *proc, const pmix_info_t info[], size_t infos, pmix_modex_cbfunc_t done,
                          void *data)
{
    (void) info;
    (void) infos;
    if (!is_ours(proc)) {
        return PMIX_ERR_NOT_SUPPORTED;
    }
    uint32_t id = await_answer(done, data);
    if (id == 0) {
        return PMIX_ERR_OUT_OF_RESOURCE;
    }
    struct frame frame;
    frame_begin(&frame, WANT);
    frame_number(&frame, id);
    frame_number(&frame, proc->rank);
    tell(&frame);
    return PMIX_SUCCESS;
}

static pmix_server_module_t module = {
    .client_connected2 = connected,
    .client_finalized = finalized,
    .abort = aborted,
    .fence_nb = fence,
    .direct_modex = want,
};

/* What the lead's question about a rank of ours is answered with; called by the library. */
static void give(pmix_status_t status, char *bytes, size_t length, void *data)
{
    uint32_t id = (uint32_t) (uintptr_t) data;
    if (length > FRAME_DATA) {
        status = PMIX_ERR_OUT_OF_RESOURCE;
        length = 0;
    }
    struct frame frame;
    frame_begin(&frame, GAVE);
    frame_number(&frame, id);
    frame_number(&frame, (uint32_t) status);
    frame_bytes(&frame, bytes, length);
    tell(&frame);
}

/* What of a call of the library that ends later is waited for. */
struct step {
    pthread_mutex_t lock;
    pthread_cond_t over;
    bool done;
    pmix_status_t status;
};

static void step_over(pmix_status_t status, void *data)
{
    struct step *step = data;
    pthread_mutex_lock(&step->lock);
    step->done = true;
    step->status = status;
    pthread_cond_signal(&step->over);
    pthread_mutex_unlock(&step->lock);
}

static pmix_status_t step_wait(struct step *step, pmix_status_t begun)
{
    if (begun == PMIX_SUCCESS) {
        pthread_mutex_lock(&step->lock);
        while (!step->done) {
            pthread_cond_wait(&step->over, &step->lock);
        }
        pthread_mutex_unlock(&step->lock);
        begun = step->status;
    }
    return begun == PMIX_OPERATION_SUCCEEDED ? PMIX_SUCCESS : begun;
}

static void require(pmix_status_t status, const char *what)
{
    if (status != PMIX_SUCCESS) {
        fail(what, PMIx_Error_string(status));
    }
}

/* Where a job's ranks are: those of each node follow one another. */
struct place {
    char name[FRAME_NAME + 1];
    uint32_t first;
    uint32_t count;
};

struct job {
    char directory[PATH_MAX];
    uint32_t own;
    uint32_t nodes;
    uint32_t ranks;
    struct place *places;
};

static void read_job(struct frame *frame, struct job *job)
{
    take_text(frame, space, sizeof space);
    take_text(frame, job->directory, sizeof job->directory);
    job->own = take_number(frame);
    job->nodes = take_number(frame);
    if (frame->broken || job->nodes == 0 || job->nodes > FRAME_RANKS || job->own >= job->nodes) {
        fail("the job's lead", "says what is no job");
    }
    job->places = calloc(job->nodes, sizeof *job->places);
    if (job->places == NULL) {
        fail("the job's nodes", strerror(errno));
    }
    for (uint32_t i = 0; i < job->nodes; i++) {
        take_text(frame, job->places[i].name, sizeof job->places[i].name);
        job->places[i].first = job->ranks;
        job->places[i].count = take_number(frame);
        if (frame->broken || job->places[i].count == 0 || job->places[i].count > FRAME_RANKS - job->ranks) {
            fail("the job's lead", "says what is no job");
        }
        job->ranks += job->places[i].count;
    }
    if (frame->at != frame->length) {
        fail("the job's lead", "says more than a job");
    }
}

struct text {
    char *bytes;
    size_t length;
    FILE *stream;
};

static void text_begin(struct text *text)
{
    text->bytes = NULL;
    text->stream = open_memstream(&text->bytes, &text->length);
    if (text->stream == NULL) {
        fail("the job's map", strerror(errno));
    }
}

static char *text_end(struct text *text)
{
    if (fclose(text->stream) != 0) {
        fail("the job's map", strerror(errno));
    }
    return text->bytes;
}

static char *ranks_of(const struct place *place)
{
    struct text text;
    text_begin(&text);
    for (uint32_t i = 0; i < place->count; i++) {
        fprintf(text.stream, "%s%u", i == 0 ? "" : ",", place->first + i);
    }
    return text_end(&text);
}

/* One more fact; there are as many as the caller has counted. */
static void fact(pmix_info_t *facts, size_t *used, const char *key, const void *value, pmix_data_type_t type)
{
    require(PMIx_Info_load(&facts[(*used)++], key, value, type), key);
}

static void maps(const struct job *job, pmix_info_t *facts, size_t *used)
{
    struct text names;
    struct text ranks;
    text_begin(&names);
    text_begin(&ranks);
    for (uint32_t i = 0; i < job->nodes; i++) {
        char *own = ranks_of(&job->places[i]);
        fprintf(names.stream, "%s%s", i == 0 ? "" : ",", job->places[i].name);
        fprintf(ranks.stream, "%s%s", i == 0 ? "" : ";", own);
        free(own);
    }
    char *all = text_end(&names);
    char *map;
    require(PMIx_generate_regex(all, &map), "the job's nodes");
    fact(facts, used, PMIX_NODE_MAP, map, PMIX_REGEX);
    fact(facts, used, PMIX_NODE_LIST, all, PMIX_STRING);
    free(map);
    free(all);
    all = text_end(&ranks);
    require(PMIx_generate_ppn(all, &map), "the job's ranks");
    fact(facts, used, PMIX_PROC_MAP, map, PMIX_REGEX);
    free(map);
    free(all);
}

enum { FACTS_OF_A_RANK = 8, FACTS_OF_A_JOB = 24 };

static void rank_facts(const struct job *job, uint32_t node, uint32_t index, pmix_info_t *fact_of_job)
{
    const struct place *place = &job->places[node];
    uint32_t rank = place->first + index;
    uint16_t local = (uint16_t) index;
    uint32_t application = 0;
    pmix_data_array_t *array;
    PMIX_DATA_ARRAY_CREATE(array, FACTS_OF_A_RANK, PMIX_INFO);
    if (array == NULL) {
        fail("the job's ranks", strerror(ENOMEM));
    }
    pmix_info_t *facts = array->array;
    size_t used = 0;
    fact(facts, &used, PMIX_RANK, &rank, PMIX_PROC_RANK);
    fact(facts, &used, PMIX_APPNUM, &application, PMIX_UINT32);
    fact(facts, &used, PMIX_GLOBAL_RANK, &rank, PMIX_PROC_RANK);
    fact(facts, &used, PMIX_APP_RANK, &rank, PMIX_PROC_RANK);
    fact(facts, &used, PMIX_LOCAL_RANK, &local, PMIX_UINT16);
    fact(facts, &used, PMIX_NODE_RANK, &local, PMIX_UINT16);
    fact(facts, &used, PMIX_HOSTNAME, place->name, PMIX_STRING);
    fact(facts, &used, PMIX_NODEID, &node, PMIX_UINT32);
    memset(fact_of_job, 0, sizeof *fact_of_job);
    strcpy(fact_of_job->key, PMIX_PROC_DATA);
    fact_of_job->value.type = PMIX_DATA_ARRAY;
    fact_of_job->value.data.darray = array;
}

static void register_job(const struct job *job)
{
    const struct place *own = &job->places[job->own];
    size_t most = FACTS_OF_A_JOB + (size_t) job->ranks;
    pmix_info_t *facts;
    PMIX_INFO_CREATE(facts, most);
    if (facts == NULL) {
        fail("the job's facts", strerror(ENOMEM));
    }
    size_t used = 0;
    uint32_t one = 1;
    uint32_t leader = own->first;
    bool no = false;
    bool yes = true;
    fact(facts, &used, PMIX_JOBID, space, PMIX_STRING);
    fact(facts, &used, PMIX_UNIV_SIZE, &job->ranks, PMIX_UINT32);
    fact(facts, &used, PMIX_JOB_SIZE, &job->ranks, PMIX_UINT32);
    fact(facts, &used, PMIX_APP_SIZE, &job->ranks, PMIX_UINT32);
    fact(facts, &used, PMIX_MAX_PROCS, &job->ranks, PMIX_UINT32);
    fact(facts, &used, PMIX_JOB_NUM_APPS, &one, PMIX_UINT32);
    fact(facts, &used, PMIX_NUM_NODES, &job->nodes, PMIX_UINT32);
    fact(facts, &used, PMIX_LOCAL_SIZE, &own->count, PMIX_UINT32);
    fact(facts, &used, PMIX_NODE_SIZE, &own->count, PMIX_UINT32);
    fact(facts, &used, PMIX_LOCALLDR, &leader, PMIX_PROC_RANK);
    char *peers = ranks_of(own);
    fact(facts, &used, PMIX_LOCAL_PEERS, peers, PMIX_STRING);
    free(peers);
    fact(facts, &used, PMIX_SPAWNED, &no, PMIX_BOOL);
    fact(facts, &used, PMIX_TMPDIR, job->directory, PMIX_STRING);
    fact(facts, &used, PMIX_NSDIR, job->directory, PMIX_STRING);
    fact(facts, &used, PMIX_TDIR_RMCLEAN, &yes, PMIX_BOOL);
    maps(job, facts, &used);
    for (uint32_t node = 0; node < job->nodes; node++) {
        for (uint32_t i = 0; i < job->places[node].count; i++) {
            rank_facts(job, node, i, &facts[used++]);
        }
    }
    struct step step = {.lock = PTHREAD_MUTEX_INITIALIZER, .over = PTHREAD_COND_INITIALIZER};
    require(step_wait(&step, PMIx_server_register_nspace(space, (int) own->count, facts, used, step_over, &step)),
            "the job");
    PMIX_INFO_FREE(facts, most);
}

/* The ranks' variables are the same but for PMIX_RANK; those of the first are told. */
static void register_ranks(const struct place *own)
{
    pmix_proc_t proc;
    for (uint32_t i = 0; i < own->count; i++) {
        PMIX_LOAD_PROCID(&proc, space, own->first + i);
        struct step step = {.lock = PTHREAD_MUTEX_INITIALIZER, .over = PTHREAD_COND_INITIALIZER};
        require(step_wait(&step, PMIx_server_register_client(&proc, getuid(), getgid(), NULL, step_over, &step)),
                "a rank");
    }
    PMIX_LOAD_PROCID(&proc, space, own->first);
    char **variables = NULL;
    require(PMIx_server_setup_fork(&proc, &variables), "the ranks' environment");
    uint32_t count = 0;
    while (variables != NULL && variables[count] != NULL) {
        count++;
    }
    struct frame frame;
    frame_begin(&frame, READY);
    frame_number(&frame, count);
    for (uint32_t i = 0; i < count; i++) {
        frame_text(&frame, variables[i]);
        free(variables[i]);
    }
    free(variables);
    tell(&frame);
}

static void serve(const struct job *job)
{
    const struct place *own = &job->places[job->own];
    uint32_t user = getuid();
    uint32_t group = getgid();
    pmix_info_t *facts;
    PMIX_INFO_CREATE(facts, 5);
    size_t used = 0;
    fact(facts, &used, PMIX_USERID, &user, PMIX_UINT32);
    fact(facts, &used, PMIX_GRPID, &group, PMIX_UINT32);
    fact(facts, &used, PMIX_SERVER_TMPDIR, job->directory, PMIX_STRING);
    fact(facts, &used, PMIX_SYSTEM_TMPDIR, job->directory, PMIX_STRING);
    fact(facts, &used, PMIX_HOSTNAME, own->name, PMIX_STRING);
    require(PMIx_server_init(&module, facts, used), "the PMIx server");
    PMIX_INFO_FREE(facts, used);
    register_job(job);
    register_ranks(own);
}

/* The library keeps what it was answered until it says that it has read it. */
static void answer(struct frame *frame)
{
    uint32_t id = take_number(frame);
    pmix_status_t status = (pmix_status_t) take_number(frame);
    struct pending *asked = frame->broken ? NULL : take_waiting(id);
    if (asked == NULL) {
        fail("the job's lead", "answers what nobody has asked");
    }
    char *bytes = frame->bytes;
    frame->bytes = NULL; /* Now the library's. */
    asked->answer(status, bytes + frame->at, frame->length - frame->at, asked->data, free, bytes);
    free(asked);
}

static void ask(struct frame *frame, const struct job *job)
{
    const struct place *own = &job->places[job->own];
    uint32_t id = take_number(frame);
    uint32_t rank = take_number(frame);
    if (frame->broken || frame->at != frame->length || rank - own->first >= own->count) {
        fail("the job's lead", "asks for a rank that is not here");
    }
    pmix_proc_t proc;
    PMIX_LOAD_PROCID(&proc, space, rank);
    pmix_status_t status = PMIx_server_dmodex_request(&proc, give, (void *) (uintptr_t) id);
    if (status != PMIX_SUCCESS) {
        give(status, NULL, 0, (void *) (uintptr_t) id);
    }
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--check") == 0) {
        return strncmp(PMIx_Get_version(), "OpenPMIx", strlen("OpenPMIx")) == 0 ? 0 : 1;
    }
    if (argc != 1) {
        fprintf(stderr, "usage: scc-pmix [--check]\n");
        return 125;
    }
    signal(SIGPIPE, SIG_IGN);
    struct frame frame;
    struct job job = {0};
    bool begun = false;
    while (frame_read(STDIN_FILENO, &frame)) {
        if (!begun) {
            if (frame.kind != JOB) {
                fail("the job's lead", "begins with what is no job");
            }
            read_job(&frame, &job);
            serve(&job);
            begun = true;
        } else if (frame.kind == ANSWER) {
            answer(&frame);
        } else if (frame.kind == ASK) {
            ask(&frame, &job);
        } else {
            fail("the job's lead", "says what is no frame");
        }
        frame_free(&frame);
    }
    if (frame.broken) {
        fail("the job's lead", "says what is no frame");
    }
    _exit(0); /* The job is over: what is open and what files there are goes with it. */
}
