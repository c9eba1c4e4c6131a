// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/boundary.h: what is accepted, everything that must be refused with one sentence that
// names feature and key, and what is put right with a notice (D1, D8, D18, D21, D22, D30).
#include "base/base.h"
#include "../data.h"
#include "base/buf.h"
#include "place/boundary.h"

#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define FEATURE(props, type, coordinates)                                                          \
    "{\"type\":\"Feature\",\"properties\":{" props "},\"geometry\":{\"type\":\"" type              \
    "\",\"coordinates\":" coordinates "}}"
#define CODE(c) "\"LSOA21CD\":\"" c "\""
#define SQUARE  "[[[-1.2,51.7],[-1.1,51.7],[-1.1,51.8],[-1.2,51.8],[-1.2,51.7]]]"
#define EAST    "[[[-1.1,51.7],[-1.0,51.7],[-1.0,51.8],[-1.1,51.8],[-1.1,51.7]]]"
#define GOOD    FEATURE(CODE("E01000001"), "Polygon", EAST)

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static struct boundary_set read_with(str text, struct boundary_opts opts)
{
    struct boundary_set set;
    assert_null(boundary_read(&arena, text, &opts, &set));
    return set;
}

static struct boundary_set read_plain(const char *text)
{
    return read_with(str_c(text), (struct boundary_opts){0});
}

// Exactly one problem that stands in the way: of this kind, about this feature and key, with these
// words in it.
static void assert_refused(const struct boundary_set *set, enum boundary_trouble what, int64_t row,
                           const char *key, const char *words)
{
    if (set->n_errors != 1)
        fail_msg("%zu problems, first: %s", set->n_errors,
                 set->n_problems ? str_z(&arena, set->problem[0].sentence) : "none");
    const struct boundary_problem *p = set->problem;
    while (p->notice)
        p++;
    const char *sentence = str_z(&arena, p->sentence);
    if (p->what != what || p->row != row || !strstr(sentence, words))
        fail_msg("problem %d of row %lld: %s", (int)p->what, (long long)p->row, sentence);
    if (key)
        assert_true(str_eq(p->key, str_c(key)));
    else
        assert_true(str_is_none(p->key));
    assert_true(sentence[strlen(sentence) - 1] == '.');
    err e = boundary_refusal(&arena, set);
    assert_non_null(e);
    assert_int_equal(e->kind, ERR_INVALID);
    assert_true(str_eq(e->sentence, p->sentence));
}

static void assert_one_refused(const char *text, enum boundary_trouble what, int64_t row,
                               const char *key, const char *words)
{
    struct boundary_set set = read_plain(text);
    assert_refused(&set, what, row, key, words);
}

// --- accepted ---

static void reads_code_name_parent_and_shape(void **state)
{
    (void)state;
    struct boundary_set set = read_plain(COLLECTION(FEATURE(
        "\"FID\":1,\"WD25CD\":\"E05013096\",\"WD25NM\":\"Barton & Sandhills\",\"WD25NMW\":\" \","
        "\"LAD25CD\":\"E07000178\",\"LAD25NM\":\"Oxford\",\"CTRY25CD\":\"E92000001\"",
        "Polygon", SQUARE)));
    assert_null(boundary_refusal(&arena, &set));
    assert_int_equal(set.n_problems, 0);
    assert_int_equal(set.kind, AREA_WARD);
    assert_int_equal(set.vintage, 2025);
    assert_int_equal(set.n, 1);
    const struct boundary *b = &set.v[0];
    assert_true(str_eq(b->code, STR("E05013096")));
    assert_true(str_eq(b->name, STR("Barton & Sandhills")));
    assert_true(str_is_none(b->name_cy));
    assert_int_equal(b->parent_kind, AREA_LAD);
    assert_true(str_eq(b->parent_code, STR("E07000178")));
    assert_int_equal(b->row, 1);
    assert_int_equal(b->shape.n, 1);
    assert_int_equal(b->shape.part[0].ring[0].n, 4);
    assert_int_equal(b->shape.decimals, 5);
}

// D1, D18: a byte order mark, lower-case keys, clockwise rings, crs, fifteen decimals, heights.
static void accepts_what_the_files_are_like(void **state)
{
    (void)state;
    struct boundary_set set = read_plain(
        "\xef\xbb\xbf{\"type\":\"FeatureCollection\",\r\n\"name\":\"x\",\"crs\":{\"type\":\"name\","
        "\"properties\":{\"name\":\"urn:ogc:def:crs:OGC:1.3:CRS84\"}},\"features\":[" FEATURE(
            "\"lsoa21cd\":\"W01000001\",\"lsoa21nm\":\"X\",\"lsoa21nmw\":\"Y\"", "MultiPolygon",
            "[[[[-3.204465774570326,51.700000000000003,12.5],[-3.2,51.8,3],[-3.1,51.8,1],"
            "[-3.1,51.7,1],[-3.204465774570326,51.700000000000003,12.5]]],"
            "[[[-3,51,1],[-3,51.1,1],[-2.9,51.1,1],[-2.9,51,1],[-3,51,1]],"
            "[[-2.98,51.02],[-2.96,51.02],[-2.96,51.04],[-2.98,51.02]]]]") "]}");
    assert_int_equal(set.n_problems, 0);
    assert_true(str_eq(set.v[0].name_cy, STR("Y")));
    const struct geo_shape *s = &set.v[0].shape;
    assert_int_equal(s->n, 2);
    assert_int_equal(s->part[1].n, 2);
    assert_true(ring_is_ccw(&s->part[0].ring[0]));
    assert_true(ring_is_ccw(&s->part[1].ring[0]));
    assert_false(ring_is_ccw(&s->part[1].ring[1]));
    assert_near(geo_box(s).x0, -3.2044658, 1e-15); // seven decimals
}

// D30.
static void accepts_a_year_nobody_has_seen(void **state)
{
    (void)state;
    struct boundary_set set = read_plain(
        COLLECTION(FEATURE("\"LSOA31CD\":\"E01000001\",\"LSOA31NM\":\"A\"", "Polygon", SQUARE)));
    assert_int_equal(set.n_problems, 0);
    assert_int_equal(set.vintage, 2031);
}

static void a_key_without_a_year_needs_one_told(void **state)
{
    (void)state;
    const char *text = COLLECTION(FEATURE("\"WDCD\":\"E05000001\"", "Polygon", SQUARE));
    assert_one_refused(text, BOUNDARY_VINTAGE_UNKNOWN, 0, "WDCD", "WDCD names no year");
    struct boundary_set set = read_with(str_c(text), (struct boundary_opts){.vintage = 2023});
    assert_int_equal(set.n_problems, 0);
    assert_int_equal(set.vintage, 2023);
    assert_int_equal(set.n, 1);
}

static void generic_keys_only_when_told(void **state)
{
    (void)state;
    const char *text = COLLECTION(FEATURE(
        "\"Code\":\"N1\",\"NAME\":\"North\"", "Polygon",
        SQUARE) ","
                "{\"type\":\"Feature\",\"id\":7,\"properties\":{\"name\":\"South\"},\"geometry\":{"
                "\"type\":\"Polygon\",\"coordinates\":" EAST "}}");
    assert_one_refused(text, BOUNDARY_NO_CODE_KEY, 0, NULL, "has: Code, NAME");
    struct boundary_opts opts = {.kind = AREA_WARD, .vintage = 2024, .generic_keys = true};
    struct boundary_set set = read_with(str_c(text), opts);
    assert_int_equal(set.n_problems, 0);
    assert_int_equal(set.n, 2);
    assert_true(str_eq(set.v[0].code, STR("N1")) && str_eq(set.v[0].name, STR("North")));
    assert_true(str_eq(set.v[1].code, STR("7")));
    opts.kind = AREA_NONE;
    set = read_with(str_c(text), opts);
    assert_refused(&set, BOUNDARY_KIND_UNKNOWN, 0, "code", "name the kind");
    opts = (struct boundary_opts){.kind = AREA_WARD, .generic_keys = true};
    set = read_with(str_c(text), opts);
    assert_refused(&set, BOUNDARY_VINTAGE_UNKNOWN, 0, "code", "name the year");
}

// D8: the national grid is recognised and converted.
static void converts_the_national_grid(void **state)
{
    (void)state;
    struct boundary_set set = read_plain(COLLECTION(
        GOOD "," FEATURE(CODE("E01000002"), "Polygon",
                         "[[[455000,207000],[456000,207000],[456000,208000],[455000,207000]]]")));
    assert_null(boundary_refusal(&arena, &set));
    assert_int_equal(set.n, 2);
    assert_int_equal(set.n_problems, 1);
    assert_int_equal(set.problem[0].what, BOUNDARY_NOTE_GRID);
    assert_true(set.problem[0].notice);
    assert_non_null(strstr(str_z(&arena, set.problem[0].sentence), "1 of 2 areas"));
    box b = geo_box(&set.v[1].shape);
    assert_true(b.x0 > -1.21 && b.x1 < -1.18 && b.y0 > 51.75 && b.y1 < 51.77);
    assert_near(geo_area_m2(&set.v[1].shape, 51.76), 500000, 1000);
}

static void mends_and_says_so(void **state)
{
    (void)state;
    struct boundary_set set = read_plain(COLLECTION(
        FEATURE(CODE("E01000009"), "Polygon",
                "[[[-1.2,51.7],[-1.1,51.7],[-1.1,51.8],[-1.0,51.8],[-1.0,51.9],[-1.1,51.9],"
                "[-1.1,51.8],[-1.2,51.8],[-1.2,51.7]]]")));
    assert_null(boundary_refusal(&arena, &set));
    assert_int_equal(set.n_problems, 1);
    assert_int_equal(set.problem[0].what, BOUNDARY_NOTE_MENDED);
    assert_non_null(strstr(str_z(&arena, set.problem[0].sentence), "Feature 1 (E01000009)"));
    assert_int_equal(set.v[0].shape.n, 2);
}

static void leaves_out_parts_without_area_and_says_so(void **state)
{
    (void)state;
    struct boundary_set set = read_plain(
        COLLECTION(FEATURE(CODE("E01000009"), "MultiPolygon",
                           "[" SQUARE ",[[[-1,52],[-1.00000001,52],[-1,52.00000001],[-1,52]]]]")));
    assert_null(boundary_refusal(&arena, &set));
    assert_int_equal(set.n_problems, 1);
    assert_int_equal(set.problem[0].what, BOUNDARY_NOTE_TINY);
    assert_int_equal(set.v[0].shape.n, 1);
}

// --- refused: the file ---

static void refuses_no_text(void **state)
{
    (void)state;
    assert_one_refused("", BOUNDARY_EMPTY_FILE, 0, NULL, "empty");
    assert_one_refused(" \r\n", BOUNDARY_EMPTY_FILE, 0, NULL, "empty");
    assert_one_refused("\xef\xbb\xbf", BOUNDARY_EMPTY_FILE, 0, NULL, "empty");
    // A file past the limit is refused before it is read: these bytes are not there.
    struct boundary_set set =
        read_with((str){"{", (size_t)BOUNDARY_MAX_BYTES + 1}, (struct boundary_opts){0});
    assert_refused(&set, BOUNDARY_TOO_LARGE, 0, NULL, "512 MB");
}

static void refuses_other_encodings(void **state)
{
    (void)state;
    assert_one_refused("{\"type\":\n\"caf\xe9\"}", BOUNDARY_ENCODING, 0, NULL,
                       "Line 2, column 5: the byte 0xE9");
    struct boundary_set set =
        read_with(str_slice(STR("\xff\xfe{\0\"\0"), 0, 6), (struct boundary_opts){0});
    assert_refused(&set, BOUNDARY_ENCODING, 0, NULL, "UTF-16");
    set = read_with(str_slice(STR("{\0\"\0"), 0, 4), (struct boundary_opts){0});
    assert_refused(&set, BOUNDARY_ENCODING, 0, NULL, "UTF-16");
}

static void refuses_a_file_cut_anywhere(void **state)
{
    (void)state;
    str whole = STR(COLLECTION(GOOD));
    for (size_t n = 1; n < whole.n; n++) {
        struct boundary_set set = read_with(str_slice(whole, 0, n), (struct boundary_opts){0});
        assert_refused(&set, BOUNDARY_JSON, 0, NULL, "ine 1, column ");
        assert_int_equal(set.n, 0);
    }
    assert_one_refused("{\"type\":\"FeatureCollection\",\n\"features\":[\n", BOUNDARY_JSON, 0, NULL,
                       "breaks off at line 3");
}

static void refuses_what_is_not_json(void **state)
{
    (void)state;
    assert_one_refused("hello", BOUNDARY_JSON, 0, NULL, "Line 1");
    assert_one_refused(COLLECTION(GOOD) "x", BOUNDARY_JSON, 0, NULL, "not JSON");
    assert_one_refused("{\"type\":\"a\",\"type\":\"b\"}", BOUNDARY_JSON, 0, NULL, "duplicate");
    static const char *const odd[] = {"NaN", "Infinity", "-Infinity", "1e999"};
    for (size_t i = 0; i < countof(odd); i++) {
        const char *text = str_z(&arena, str_fmt(&arena, "{\"type\":\n[%s]}", odd[i]));
        assert_one_refused(text, BOUNDARY_JSON, 0, NULL, "not finite");
    }
    char *deep = arena_alloc(&arena, 100001);
    memset(deep, '[', 100000);
    assert_one_refused(deep, BOUNDARY_JSON, 0, NULL, "nested too deep");
}

static void refuses_what_is_no_collection(void **state)
{
    (void)state;
    assert_one_refused("[]", BOUNDARY_NOT_FEATURES, 0, NULL, "it is a list");
    assert_one_refused("{}", BOUNDARY_NOT_FEATURES, 0, NULL, "without a type");
    assert_one_refused(GOOD, BOUNDARY_NOT_FEATURES, 0, NULL, "it is a Feature");
    assert_one_refused("{\"type\":\"FeatureCollection\"}", BOUNDARY_NOT_FEATURES, 0, NULL,
                       "without features");
    assert_one_refused(COLLECTION(""), BOUNDARY_NO_FEATURES, 0, NULL, "no areas");
}

static void refuses_unknown_wrong_and_mixed_keys(void **state)
{
    (void)state;
    assert_one_refused(COLLECTION(FEATURE("\"FID\":1,\"zone\":\"Z\"", "Polygon", SQUARE)),
                       BOUNDARY_NO_CODE_KEY, 0, NULL, "has: FID, zone");
    struct boundary_set set =
        read_with(STR(COLLECTION(GOOD)), (struct boundary_opts){AREA_WARD, 0, 0});
    assert_refused(&set, BOUNDARY_KIND_WRONG, 0, NULL, "kind ward, but the file holds small area");
    set = read_with(STR(COLLECTION(GOOD)), (struct boundary_opts){AREA_LSOA, 2011, 0});
    assert_refused(&set, BOUNDARY_VINTAGE_WRONG, 0, "LSOA21CD",
                   "areas of 2011, but the file's codes are of 2021");
    set = read_plain(COLLECTION(GOOD "," FEATURE("\"LSOA11CD\":\"E01000002\"", "Polygon", SQUARE)));
    assert_refused(&set, BOUNDARY_VINTAGE_MIXED, 0, "LSOA11CD", "feature 2 has LSOA11CD");
    const char *both = COLLECTION(
        FEATURE("\"LSOA11CD\":\"E01000001\",\"LSOA21CD\":\"E01000002\"", "Polygon", SQUARE));
    set = read_plain(both);
    assert_refused(&set, BOUNDARY_VINTAGE_MIXED, 0, "LSOA21CD", "say which year");
    set = read_with(str_c(both), (struct boundary_opts){AREA_NONE, 2011, 0});
    assert_int_equal(set.n_problems, 0);
    assert_true(str_eq(set.v[0].code, STR("E01000001")));
}

// --- refused: a feature ---

#define REFUSED_GEOMETRY(type, coordinates, what, key, words)                                      \
    assert_one_refused(COLLECTION(GOOD "," FEATURE(CODE("E01000002"), type, coordinates)), what,   \
                       2, key, words)

static void refuses_missing_bad_and_repeated_codes(void **state)
{
    (void)state;
    assert_one_refused(COLLECTION(GOOD "," FEATURE("\"LSOA21NM\":\"x\"", "Polygon", SQUARE)),
                       BOUNDARY_CODE_MISSING, 2, "LSOA21CD",
                       "Feature 2: It has no code under LSOA21CD");
    assert_one_refused(COLLECTION(GOOD "," FEATURE(CODE(" "), "Polygon", SQUARE)),
                       BOUNDARY_CODE_MISSING, 2, "LSOA21CD", "no code");
    assert_one_refused(COLLECTION(GOOD "," FEATURE("\"LSOA21CD\":null", "Polygon", SQUARE)),
                       BOUNDARY_CODE_MISSING, 2, "LSOA21CD", "no code");
    assert_one_refused(COLLECTION(GOOD "," FEATURE(CODE("E01<b>"), "Polygon", SQUARE)),
                       BOUNDARY_CODE_BAD, 2, "LSOA21CD", "letters and digits");
    assert_one_refused(COLLECTION(GOOD "," GOOD), BOUNDARY_CODE_REPEATED, 2, "LSOA21CD",
                       "already that of feature 1");
    assert_one_refused(COLLECTION(GOOD ",7"), BOUNDARY_NOT_A_FEATURE, 2, "type",
                       "not a GeoJSON Feature");
}

static void refuses_swapped_and_foreign_coordinates(void **state)
{
    (void)state;
    REFUSED_GEOMETRY("Polygon", "[[[51.7,-1.2],[51.7,-1.1],[51.8,-1.1],[51.7,-1.2]]]",
                     BOUNDARY_SWAPPED, "coordinates",
                     "Feature 2 (E01000002): The point 51.7, -1.2 has");
    REFUSED_GEOMETRY("Polygon", "[[[2.2,48.7],[2.3,48.7],[2.3,48.8],[2.2,48.7]]]",
                     BOUNDARY_OUTSIDE_UK, "coordinates", "outside the United Kingdom");
    REFUSED_GEOMETRY("Polygon", "[[[0,99.999999],[1,99.999999],[1,98],[0,99.999999]]]",
                     BOUNDARY_OUTSIDE_UK, "coordinates", "99.999999");
    REFUSED_GEOMETRY("Polygon",
                     "[[[-133000,6752000],[-132000,6752000],[-132000,6753000],"
                     "[-133000,6752000]]]",
                     BOUNDARY_OUTSIDE_UK, "coordinates", "EPSG:4326");
}

static void refuses_bad_rings(void **state)
{
    (void)state;
    REFUSED_GEOMETRY("Polygon", "[[[-1.2,51.7],[-1.1,51.7],[-1.1,51.8],[-1.2,51.8]]]",
                     BOUNDARY_RING_OPEN, "coordinates", "not closed");
    REFUSED_GEOMETRY("Polygon", "[[[-1.2,51.7],[-1.1,51.7],[-1.2,51.7]]]", BOUNDARY_RING_SHORT,
                     "coordinates", "has 3 points");
    REFUSED_GEOMETRY("Polygon", "[[]]", BOUNDARY_RING_SHORT, "coordinates", "has 0 points");
    REFUSED_GEOMETRY("Polygon", "[7]", BOUNDARY_COORDINATES, "coordinates", "not a list");
    REFUSED_GEOMETRY("MultiPolygon", SQUARE, BOUNDARY_COORDINATES, "coordinates", "Point 1");
    REFUSED_GEOMETRY("MultiPolygon", "[7]", BOUNDARY_COORDINATES, "coordinates", "list of rings");
    REFUSED_GEOMETRY("Polygon", "[[[-1.2,51.7],[\"a\",51.7],[-1.1,51.8],[-1.2,51.7]]]",
                     BOUNDARY_COORDINATES, "coordinates", "Point 2");
    REFUSED_GEOMETRY("Polygon", "[[[-1.2,51.7],[-1.1],[-1.1,51.8],[-1.2,51.7]]]",
                     BOUNDARY_COORDINATES, "coordinates", "Point 2");
}

static void refuses_empty_and_other_geometries(void **state)
{
    (void)state;
    REFUSED_GEOMETRY("Polygon", "[]", BOUNDARY_GEOMETRY_EMPTY, "coordinates", "no points");
    REFUSED_GEOMETRY("MultiPolygon", "[[]]", BOUNDARY_GEOMETRY_EMPTY, "coordinates", "no rings");
    REFUSED_GEOMETRY("Polygon", "null", BOUNDARY_GEOMETRY_EMPTY, "coordinates", "no points");
    assert_one_refused(COLLECTION(GOOD ",{\"type\":\"Feature\",\"properties\":{" CODE(
                           "E01000002") "},\"geometry\":null}"),
                       BOUNDARY_GEOMETRY_EMPTY, 2, "geometry", "no boundary");
    REFUSED_GEOMETRY("Point", "[-1.2,51.7]", BOUNDARY_GEOMETRY_TYPE, "geometry", "is a Point");
    REFUSED_GEOMETRY("LineString", "[[-1.2,51.7],[-1.1,51.7]]", BOUNDARY_GEOMETRY_TYPE, "geometry",
                     "is a LineString");
}

static void refuses_a_border_that_crosses_itself(void **state)
{
    (void)state;
    REFUSED_GEOMETRY("Polygon", "[[[-1.2,51.7],[-1.1,51.8],[-1.1,51.7],[-1.2,51.8],[-1.2,51.7]]]",
                     BOUNDARY_CROSSING, "geometry",
                     "Feature 2 (E01000002): Its boundary is not valid (Self-intersection at");
    REFUSED_GEOMETRY("Polygon", "[[[-1.2,51.7],[-1.1,51.8],[-1.0,51.9],[-1.2,51.7]]]", // a line
                     BOUNDARY_CROSSING, "geometry", "not valid");
}

static void collects_everything_that_is_wrong(void **state)
{
    (void)state;
    struct boundary_set set = read_plain(
        COLLECTION(FEATURE("\"LSOA21NM\":\"x\"", "Point", "[-1,51]") "," GOOD "," FEATURE(
            CODE("E01000001"), "Polygon", "[[[51.7,-1.2],[51.7,-1.1],[51.8,-1.1],[51.7,-1.2]]]")));
    static const struct {
        int64_t row;
        enum boundary_trouble what;
    } want[] = {{1, BOUNDARY_CODE_MISSING},
                {1, BOUNDARY_GEOMETRY_TYPE},
                {3, BOUNDARY_CODE_REPEATED},
                {3, BOUNDARY_SWAPPED}};
    assert_int_equal(set.n_problems, countof(want));
    assert_int_equal(set.n_errors, countof(want));
    for (size_t i = 0; i < countof(want); i++) {
        assert_int_equal(set.problem[i].row, want[i].row);
        assert_int_equal(set.problem[i].what, want[i].what);
    }
    assert_int_equal(set.features, 3);
    assert_int_equal(set.n, 1);
    str said = boundary_refusal(&arena, &set)->sentence;
    assert_true(str_ends(said, STR("(and 3 more problems)")));
}

// --- TopoJSON ---

#define TOPOLOGY(arcs, geometries)                                                                 \
    "{\"type\":\"Topology\",\"transform\":{\"scale\":[0.1,0.1],\"translate\":[-1.2,51.7]},"        \
    "\"arcs\":" arcs                                                                               \
    ",\"objects\":{\"areas\":{\"type\":\"GeometryCollection\",\"geometries\":[" geometries "]}}}"
#define TOPO_AREA(code, arcs)                                                                      \
    "{\"type\":\"Polygon\",\"properties\":{" CODE(code) "},\"arcs\":" arcs "}"
// The border between two squares, the rest of the western and of the eastern one; by steps.
#define ARCS "[[[1,0],[0,1]],[[1,1],[-1,0],[0,-1],[1,0]],[[1,1],[1,0],[0,-1],[-1,0]]]"

// D22: deltas summed up, the transform applied, ~i read backwards, arcs joined without repeats.
static void reads_topologies(void **state)
{
    (void)state;
    struct boundary_set set = read_plain(
        TOPOLOGY(ARCS, TOPO_AREA("E01000001", "[[0,1]]") "," TOPO_AREA("E01000002", "[[-1,-3]]")));
    assert_int_equal(set.n_problems, 0);
    assert_int_equal(set.n, 2);
    box west = geo_box(&set.v[0].shape), east = geo_box(&set.v[1].shape);
    assert_near(west.x0, -1.2, 1e-12);
    assert_near(west.x1, -1.1, 1e-12);
    assert_near(east.x0, -1.1, 1e-12);
    assert_near(east.x1, -1.0, 1e-12);
    assert_near(east.y1, 51.8, 1e-12);
    assert_int_equal(geo_points(&set.v[0].shape), 4);
    assert_int_equal(geo_points(&set.v[1].shape), 4);
}

static void refuses_broken_topologies(void **state)
{
    (void)state;
    assert_one_refused(TOPOLOGY(ARCS, TOPO_AREA("E01000001", "[[0,9]]")), BOUNDARY_COORDINATES, 1,
                       "arcs", "Entry 2 of a ring names an arc that is not in the file");
    assert_one_refused(TOPOLOGY(ARCS, TOPO_AREA("E01000001", "[[0,-9223372036854775808]]")),
                       BOUNDARY_COORDINATES, 1, "arcs", "not in the file");
    assert_one_refused(TOPOLOGY(ARCS, TOPO_AREA("E01000001", "[[0,1.5]]")), BOUNDARY_COORDINATES, 1,
                       "arcs", "not in the file");
    assert_one_refused(TOPOLOGY(ARCS, TOPO_AREA("E01000001", "[[1,2]]")), BOUNDARY_COORDINATES, 1,
                       "arcs", "does not start where");
    assert_one_refused(TOPOLOGY(ARCS, TOPO_AREA("E01000001", "[[1]]")), BOUNDARY_RING_OPEN, 1,
                       "arcs", "");
    assert_one_refused(TOPOLOGY(ARCS, TOPO_AREA("E01000001", "[[]]")), BOUNDARY_GEOMETRY_EMPTY, 1,
                       "arcs", "");
    assert_one_refused(TOPOLOGY("[[[1,0]]]", TOPO_AREA("E01000001", "[[0]]")), BOUNDARY_COORDINATES,
                       0, "arcs", "Arc 0");
    assert_one_refused(TOPOLOGY("[[[1,0],\"x\"]]", TOPO_AREA("E01000001", "[[0]]")),
                       BOUNDARY_COORDINATES, 0, "arcs", "Arc 0");
    assert_one_refused("{\"type\":\"Topology\",\"objects\":{},\"arcs\":[]}", BOUNDARY_NOT_FEATURES,
                       0, NULL, "holds 0 layers");
    assert_one_refused("{\"type\":\"Topology\",\"objects\":{\"a\":7},\"arcs\":[]}",
                       BOUNDARY_NOT_FEATURES, 0, NULL, "GeometryCollection");
    assert_one_refused("{\"type\":\"Topology\",\"objects\":{\"a\":{\"geometries\":[1]}},"
                       "\"transform\":{\"scale\":[1]},\"arcs\":[]}",
                       BOUNDARY_COORDINATES, 0, "transform", "scale");
}

// A few bytes that ask for millions of points by naming one long arc again and again.
static void refuses_a_topology_that_swells(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, &arena, 1 << 24);
    buf_c(&b, "{\"type\":\"Topology\",\"arcs\":[[");
    for (int i = 0; i < 100000; i++)
        buf_c(&b, i ? ",[0,0]" : "[0,0]");
    buf_c(&b, "]],\"objects\":{\"a\":{\"geometries\":[{\"type\":\"Polygon\",\"properties\":{" CODE(
                  "E01000001") "},\"arcs\":[[");
    for (int i = 0; i < 1000; i++)
        buf_c(&b, i ? ",0" : "0");
    buf_c(&b, "]]}]}}}");
    assert_false(b.full);
    struct boundary_set set = read_with(buf_text(&b), (struct boundary_opts){0});
    assert_refused(&set, BOUNDARY_TOO_MANY_POINTS, 1, "arcs", "20000000 points");
}

#define T(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(reads_code_name_parent_and_shape),
        T(accepts_what_the_files_are_like),
        T(accepts_a_year_nobody_has_seen),
        T(a_key_without_a_year_needs_one_told),
        T(generic_keys_only_when_told),
        T(converts_the_national_grid),
        T(mends_and_says_so),
        T(leaves_out_parts_without_area_and_says_so),
        T(refuses_no_text),
        T(refuses_other_encodings),
        T(refuses_a_file_cut_anywhere),
        T(refuses_what_is_not_json),
        T(refuses_what_is_no_collection),
        T(refuses_unknown_wrong_and_mixed_keys),
        T(refuses_missing_bad_and_repeated_codes),
        T(refuses_swapped_and_foreign_coordinates),
        T(refuses_bad_rings),
        T(refuses_empty_and_other_geometries),
        T(refuses_a_border_that_crosses_itself),
        T(collects_everything_that_is_wrong),
        T(reads_topologies),
        T(refuses_broken_topologies),
        T(refuses_a_topology_that_swells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
