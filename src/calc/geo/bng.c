// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "calc/geo/bng.h"

#include <math.h>

#define DEGREE (3.14159265358979323846 / 180)
#define SECOND (DEGREE / 3600)

struct ellipsoid {
    double a, b; // semi-axes, metres
};

static const struct ellipsoid airy = {6377563.396, 6356256.909};
static const struct ellipsoid wgs84 = {6378137.0, 6356752.314245};

// The grid's projection: scale on the central meridian, true origin, and the false origin's shift.
static const double F0 = 0.9996012717, PHI0 = 49 * DEGREE, LAMBDA0 = -2 * DEGREE;
static const double E0 = 400000, N0 = -100000;

// OSGB36 to WGS84: shift in metres, turns in seconds of arc, scale in parts per million.
static const double TX = 446.448, TY = -125.157, TZ = 542.060;
static const double RX = 0.1502 * SECOND, RY = 0.2470 * SECOND, RZ = 0.8421 * SECOND;
static const double SCALE = 1 - 20.4894e-6;

struct xyz {
    double x, y, z;
};
struct geodetic {
    double phi, lambda; // radians
};

static double eccentricity2(const struct ellipsoid *el)
{
    return 1 - el->b * el->b / (el->a * el->a);
}

// Length of the meridian from the true origin to phi, times F0 (annexe C, the series M).
static double meridian(double phi)
{
    double n = (airy.a - airy.b) / (airy.a + airy.b), n2 = n * n, n3 = n2 * n;
    double d = phi - PHI0, s = phi + PHI0;
    return airy.b * F0 *
           ((1 + n + 1.25 * n2 + 1.25 * n3) * d - (3 * n + 3 * n2 + 2.625 * n3) * sin(d) * cos(s) +
            (1.875 * n2 + 1.875 * n3) * sin(2 * d) * cos(2 * s) -
            35.0 / 24 * n3 * sin(3 * d) * cos(3 * s));
}

// Radii of curvature at phi on Airy, times F0.
struct radii {
    double nu, rho, eta2;
};
static struct radii radii_at(double phi)
{
    double e2 = eccentricity2(&airy), s = sin(phi), w = 1 - e2 * s * s;
    double nu = airy.a * F0 / sqrt(w), rho = airy.a * F0 * (1 - e2) / (w * sqrt(w));
    return (struct radii){nu, rho, nu / rho - 1};
}

// The latitude whose meridian length is the northing; a hundredth of a millimetre is near enough.
static double foot_latitude(double northing)
{
    double phi = PHI0;
    for (int i = 0; i < 30; i++) { // converges in five; the ceiling only stops a senseless input
        double rest = northing - N0 - meridian(phi);
        phi += rest / (airy.a * F0);
        if (fabs(rest) < 1e-5)
            break;
    }
    return phi;
}

static struct geodetic grid_to_airy(point m)
{
    double phi = foot_latitude(m.y), t = tan(phi), t2 = t * t, t4 = t2 * t2, t6 = t4 * t2;
    struct radii r = radii_at(phi);
    double nu = r.nu, nu3 = nu * nu * nu, nu5 = nu3 * nu * nu, nu7 = nu5 * nu * nu;
    double vii = t / (2 * r.rho * nu);
    double viii = t / (24 * r.rho * nu3) * (5 + 3 * t2 + r.eta2 - 9 * t2 * r.eta2);
    double ix = t / (720 * r.rho * nu5) * (61 + 90 * t2 + 45 * t4);
    double sec = 1 / cos(phi);
    double x = sec / nu;
    double xi = sec / (6 * nu3) * (nu / r.rho + 2 * t2);
    double xii = sec / (120 * nu5) * (5 + 28 * t2 + 24 * t4);
    double xiia = sec / (5040 * nu7) * (61 + 662 * t2 + 1320 * t4 + 720 * t6);
    double d = m.x - E0, d2 = d * d;
    return (struct geodetic){
        phi - d2 * (vii - d2 * (viii - d2 * ix)),
        LAMBDA0 + d * (x - d2 * (xi - d2 * (xii - d2 * xiia))),
    };
}

static point airy_to_grid(struct geodetic g)
{
    double s = sin(g.phi), c = cos(g.phi), c3 = c * c * c, c5 = c3 * c * c;
    double t = tan(g.phi), t2 = t * t, t4 = t2 * t2;
    struct radii r = radii_at(g.phi);
    double nu = r.nu;
    double ii = nu / 2 * s * c;
    double iii = nu / 24 * s * c3 * (5 - t2 + 9 * r.eta2);
    double iiia = nu / 720 * s * c5 * (61 - 58 * t2 + t4);
    double iv = nu * c;
    double v = nu / 6 * c3 * (nu / r.rho - t2);
    double vi = nu / 120 * c5 * (5 - 18 * t2 + t4 + 14 * r.eta2 - 58 * t2 * r.eta2);
    double d = g.lambda - LAMBDA0, d2 = d * d;
    return (point){
        E0 + d * (iv + d2 * (v + d2 * vi)),
        meridian(g.phi) + N0 + d2 * (ii + d2 * (iii + d2 * iiia)),
    };
}

// Both at height nought: the files carry none.
static struct xyz to_cartesian(const struct ellipsoid *el, struct geodetic g)
{
    double e2 = eccentricity2(el), s = sin(g.phi), nu = el->a / sqrt(1 - e2 * s * s);
    return (struct xyz){nu * cos(g.phi) * cos(g.lambda), nu * cos(g.phi) * sin(g.lambda),
                        nu * (1 - e2) * s};
}

static struct geodetic to_geodetic(const struct ellipsoid *el, struct xyz p)
{
    double e2 = eccentricity2(el), flat = hypot(p.x, p.y), phi = atan2(p.z, flat * (1 - e2));
    for (int i = 0; i < 12; i++) {
        double s = sin(phi), nu = el->a / sqrt(1 - e2 * s * s);
        double next = atan2(p.z + e2 * nu * s, flat);
        bool done = fabs(next - phi) < 1e-14;
        phi = next;
        if (done)
            break;
    }
    return (struct geodetic){phi, atan2(p.y, p.x)};
}

static struct xyz helmert(struct xyz p)
{
    return (struct xyz){
        TX + SCALE * p.x - RZ * p.y + RY * p.z,
        TY + RZ * p.x + SCALE * p.y - RX * p.z,
        TZ - RY * p.x + RX * p.y + SCALE * p.z,
    };
}

// The matrix above is S·I + [r]×, whose inverse has a closed form:
// (S·I + [r]×)⁻¹ = (S²·I + r·rᵀ − S·[r]×) / (S·(S² + |r|²)).
static struct xyz helmert_back(struct xyz p)
{
    double x = p.x - TX, y = p.y - TY, z = p.z - TZ, s = SCALE;
    double along = RX * x + RY * y + RZ * z;
    double det = s * (s * s + RX * RX + RY * RY + RZ * RZ);
    return (struct xyz){
        (s * s * x + RX * along - s * (RY * z - RZ * y)) / det,
        (s * s * y + RY * along - s * (RZ * x - RX * z)) / det,
        (s * s * z + RZ * along - s * (RX * y - RY * x)) / det,
    };
}

static point degrees(struct geodetic g)
{
    return (point){g.lambda / DEGREE, g.phi / DEGREE};
}

point bng_to_airy(point metres)
{
    return degrees(grid_to_airy(metres));
}

point bng_to_wgs84(point metres)
{
    return degrees(to_geodetic(&wgs84, helmert(to_cartesian(&airy, grid_to_airy(metres)))));
}

// Dropping the height on the other ellipsoid costs a hair of position (the two normals are not
// quite parallel), so the answer is corrected until it maps forward onto the point asked for.
point bng_from_wgs84(point deg)
{
    struct geodetic want = {deg.y * DEGREE, deg.x * DEGREE}, aim = want;
    point grid = {0, 0};
    for (int i = 0; i < 3; i++) {
        grid = airy_to_grid(to_geodetic(&airy, helmert_back(to_cartesian(&wgs84, aim))));
        point got = bng_to_wgs84(grid);
        aim.phi += want.phi - got.y * DEGREE;
        aim.lambda += want.lambda - got.x * DEGREE;
    }
    return grid;
}

bool bng_looks_like_metres(point p)
{
    return fabs(p.x) > 1000 || fabs(p.y) > 1000;
}

bool bng_in_grid(point m)
{
    return m.x >= 0 && m.x <= 700e3 && m.y >= 0 && m.y <= 1300e3;
}

bool wgs84_in_uk(point d)
{
    return d.y >= 49 && d.y <= 61 && d.x >= -9 && d.x <= 2.5;
}

bool wgs84_looks_swapped(point d)
{
    return !wgs84_in_uk(d) && wgs84_in_uk((point){d.y, d.x});
}
