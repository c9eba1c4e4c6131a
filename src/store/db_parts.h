// SPDX-License-Identifier: AGPL-3.0-or-later
// What db.c (reading, writing, statements) and db_open.c (opening, closing) share of a database;
// private to the two. The face is db.h.
#ifndef STORE_DB_PARTS_H
#define STORE_DB_PARTS_H

#include "base/base.h"
#include "store/db.h"
#include "store/engine.h"

#include <pthread.h>
#include <stdatomic.h>

struct pool {
    pthread_mutex_t lock;
    struct db_conn *idle;
};

struct db {
    const char *where;
    enum db_engine_kind kind;
    const struct db_engine *eng;
    struct clock clock;
    int lock_fd;
    struct pool pool[2];   // [0] readers, [1] public readers
    pthread_rwlock_t gate; // held for reading during each read transaction

    bool has_writer;
    struct db_conn writer;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct db_job *first, **last;
    int waiting;
    bool stop;
    atomic_uint_fast64_t generation;
};

// A connection that reads: an idle one, else a new one. Give it back with pool_put().
MUST_USE err pool_get(struct db *db, struct arena *a, bool public, struct db_conn **ret);
void pool_put(struct db *db, struct db_conn *c, bool public);
// The writer's thread; `db` is its argument. Ends when db->stop is set and nothing waits.
void *writer_main(void *db);

#endif
