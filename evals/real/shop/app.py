"""A small shop as many teams have one: nginx in front, PostgreSQL, Redis and a payment provider behind."""
import json, logging, os, random, time, urllib.request
import psycopg2, redis
from flask import Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest


class JsonLines(logging.Formatter):
    def format(self, record):
        line = {
            "ts": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + ".%03dZ" % record.msecs,
            "level": record.levelname.lower(),
            "logger": record.name,
            "msg": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = repr(record.exc_info[1])[:300]
        return json.dumps(line)


handler = logging.FileHandler(os.environ["LOG"])
handler.setFormatter(JsonLines())
log = logging.getLogger("shop")
log.setLevel(logging.INFO)
log.addHandler(handler)

DSN = os.environ["DATABASE_URL"]
RECEIPTS = os.environ["RECEIPTS"]
PAYMENTS = os.environ["PAYMENTS_URL"]
cache = redis.Redis(host=os.environ["REDIS_HOST"], port=6379, socket_timeout=1.0, socket_connect_timeout=1.0)
app = Flask("shop")
REQUESTS = Counter("http_requests_total", "HTTP requests", ["method", "route", "status"])
LATENCY = Histogram(
    "http_request_duration_seconds", "HTTP request latency", ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
IN_PROGRESS = Gauge("http_requests_in_progress", "Requests in progress")
QUERIES = Histogram(
    "db_query_duration_seconds", "Database query latency", ["query"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
DB_ERRORS = Counter("db_errors_total", "Database errors", ["type"])
HITS = Counter("cache_hits_total", "Cache hits")
MISSES = Counter("cache_misses_total", "Cache misses")
CACHE_ERRORS = Counter("cache_errors_total", "Cache errors")
PAYMENT_TIME = Histogram("payment_request_duration_seconds", "Time to charge a card at the provider", ["outcome"])
kept = []


def query(name, sql, args=(), fetch=True):
    if "conn" not in g:
        g.conn = psycopg2.connect(DSN, application_name="shop-app")
    began = time.perf_counter()
    try:
        with g.conn.cursor() as cursor:
            cursor.execute(sql, args)
            return cursor.fetchall() if fetch else None
    finally:
        QUERIES.labels(name).observe(time.perf_counter() - began)


@app.before_request
def begin():
    g.began = time.perf_counter()
    IN_PROGRESS.inc()


@app.after_request
def count(response):
    route = request.url_rule.rule if request.url_rule else "unmatched"
    if route != "/metrics":
        REQUESTS.labels(request.method, route, response.status_code).inc()
        LATENCY.labels(request.method, route).observe(time.perf_counter() - g.began)
    return response


@app.teardown_request
def end(_):
    IN_PROGRESS.dec()
    connection = g.pop("conn", None)
    if connection is not None:
        connection.close()


@app.errorhandler(psycopg2.Error)
def database_error(error):
    DB_ERRORS.labels(type(error).__name__).inc()
    log.error("database error on %s: %s", request.path.split("/")[1], str(error).strip().split("\n")[0], exc_info=error)
    return jsonify(error="database"), 503


@app.errorhandler(OSError)
def system_error(error):
    log.error("request to %s failed: %s", request.path.split("/")[1], error, exc_info=error)
    return jsonify(error="system"), 500


@app.get("/products/<int:pid>")
def product(pid):
    key = "product:%d" % pid
    try:
        held = cache.get(key)
        if held:
            HITS.inc()
            return Response(held, mimetype="application/json")
        MISSES.inc()
    except redis.RedisError as error:
        CACHE_ERRORS.inc()
        log.warning("cache read failed: %s", error)
    row = query("product", "SELECT id, name, price, description FROM products WHERE id=%s", (pid,))
    if not row:
        return jsonify(error="not found"), 404
    text = json.dumps({"id": row[0][0], "name": row[0][1], "price": float(row[0][2]), "d": row[0][3]})
    try:
        cache.setex(key, 120, text)
    except redis.RedisError as error:
        CACHE_ERRORS.inc()
        log.warning("cache write failed: %s", error)
    return Response(text, mimetype="application/json")


@app.get("/orders")
def orders():
    user = int(request.args.get("user", "1"))
    rows = query(
        "orders_by_user",
        "SELECT id, product_id, qty, created FROM orders WHERE user_id=%s ORDER BY created DESC LIMIT 20", (user,),
    )
    return jsonify([{"id": row[0], "product": row[1], "qty": row[2]} for row in rows])


def charge(order):
    began = time.perf_counter()
    outcome = "ok"
    try:
        with urllib.request.urlopen(PAYMENTS + "/charge?order=%d" % order, timeout=3) as reply:
            reply.read()
    except OSError as error:
        outcome = "error"
        log.error("payment provider %s failed: %s", PAYMENTS.split("/")[2], error)
        raise
    finally:
        PAYMENT_TIME.labels(outcome).observe(time.perf_counter() - began)


@app.post("/orders")
def order():
    user, pid = random.randint(1, 20000), random.randint(1, 2000)
    query("reserve_stock", "UPDATE stock SET qty = qty - 1 WHERE product_id=%s", (pid,), fetch=False)
    number = query("insert_order", "INSERT INTO orders(user_id, product_id, qty) VALUES (%s,%s,1) RETURNING id", (user, pid))[0][0]
    with open(os.path.join(RECEIPTS, "receipt-%d.json" % (number % 2000)), "w") as receipt:
        receipt.write(json.dumps({"order": number, "user": user}) + " " * 2000)
    g.conn.commit()
    charge(number)
    return jsonify(id=number), 201


@app.get("/healthz")
def healthz():
    return "ok"


@app.get("/metrics")
def metrics():
    return Response(generate_latest(), mimetype=CONTENT_TYPE_LATEST)


if __name__ == "__main__":
    from waitress import serve

    log.info("starting shop pid %d", os.getpid())
    serve(app, host="127.0.0.1", port=5000, threads=16)
