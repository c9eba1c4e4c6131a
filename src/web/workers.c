// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/workers.h"
#include "web/exchange.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LIGHT_MAX = 1000, HEAVY_MAX = 16, NICE_HEAVY = 10, THREADS_MAX = 64 };

struct queue {
    struct exchange *first, **last;
    int waiting, max;
    pthread_cond_t wake;
};

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t idle;
    struct queue light, heavy;
    int busy; // requests taken and not answered, those with the writer included
    bool stop;
    pthread_t thread[THREADS_MAX];
    int n_threads;
};

static void queue_init(struct queue *q, int max)
{
    *q = (struct queue){.max = max};
    q->last = &q->first;
    pthread_cond_init(&q->wake, NULL);
}

static void push(struct workers *w, struct queue *q, struct exchange *x)
{
    x->next = NULL;
    *q->last = x;
    q->last = &x->next;
    q->waiting++;
    UNUSED(w);
    pthread_cond_signal(&q->wake);
}

bool workers_have_room(struct workers *w, bool heavy)
{
    struct queue *q = heavy ? &w->heavy : &w->light;
    pthread_mutex_lock(&w->lock);
    bool room = q->waiting < q->max && !w->stop;
    pthread_mutex_unlock(&w->lock);
    return room;
}

void workers_add(struct workers *w, struct exchange *x)
{
    x->workers = w;
    pthread_mutex_lock(&w->lock);
    w->busy++;
    push(w, x->heavy ? &w->heavy : &w->light, x);
    pthread_mutex_unlock(&w->lock);
}

static void finished(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    if (--w->busy == 0)
        pthread_cond_broadcast(&w->idle);
    pthread_mutex_unlock(&w->lock);
}

// In the writer's thread: back to a worker, who sends the answer (and writes the error page).
static void write_finished(struct req *r)
{
    struct exchange *x = r->owner;
    struct workers *w = x->workers;
    pthread_mutex_lock(&w->lock);
    push(w, &w->light, x);
    pthread_mutex_unlock(&w->lock);
}

static void answer(struct workers *w, struct exchange *x)
{
    if (x->writing) {
        req_finish_write(&x->r);
    } else {
        x->r.finish = write_finished;
        x->writing = true; // before the writer may see it
        bool pending;
        req_run(&x->r, &pending);
        if (pending)
            return;
    }
    struct MHD_Connection *c = x->c;
    exchange_send(x);
    MHD_resume_connection(c); // x is the acceptor's from here on
    finished(w);
}

static struct exchange *take(struct workers *w, struct queue *q)
{
    pthread_mutex_lock(&w->lock);
    while (!q->first && !w->stop)
        pthread_cond_wait(&q->wake, &w->lock);
    struct exchange *x = q->first;
    if (x) {
        q->first = x->next;
        if (!q->first)
            q->last = &q->first;
        q->waiting--;
    }
    pthread_mutex_unlock(&w->lock);
    return x;
}

static void *light_main(void *arg)
{
    struct workers *w = arg;
    for (struct exchange *x; (x = take(w, &w->light)) != NULL;)
        answer(w, x);
    return NULL;
}

static void *heavy_main(void *arg)
{
    struct workers *w = arg;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE_HEAVY); // of this thread, on Linux
    for (struct exchange *x; (x = take(w, &w->heavy)) != NULL;)
        answer(w, x);
    return NULL;
}

struct workers *workers_start(int n)
{
    struct workers *w = calloc(1, sizeof *w);
    ASSERT(w != NULL);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int light = n > 0 ? n : cores > 4 ? (int)cores * 2 : 8;
    int heavy = cores > 2 ? (int)cores / 2 : 1;
    if (light > THREADS_MAX - 8)
        light = THREADS_MAX - 8;
    if (heavy > 8)
        heavy = 8;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->idle, NULL);
    queue_init(&w->light, LIGHT_MAX);
    queue_init(&w->heavy, HEAVY_MAX);
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 512 * 1024);
    for (int i = 0; i < light + heavy; i++) {
        int rc =
            pthread_create(&w->thread[w->n_threads], &attr, i < light ? light_main : heavy_main, w);
        ASSERT(rc == 0);
        w->n_threads++;
    }
    pthread_attr_destroy(&attr);
    return w;
}

void workers_drain(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    while (w->busy > 0)
        pthread_cond_wait(&w->idle, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

void workers_stop(struct workers *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->light.wake);
    pthread_cond_broadcast(&w->heavy.wake);
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->n_threads; i++)
        pthread_join(w->thread[i], NULL);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
