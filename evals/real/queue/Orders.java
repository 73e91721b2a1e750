import com.rabbitmq.client.*;
import com.sun.net.httpserver.*;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.*;
import io.micrometer.core.instrument.binder.system.*;
import io.micrometer.prometheusmetrics.*;
import java.io.*;
import java.net.*;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.util.*;
import java.util.concurrent.*;

/** Three small services of one jar: an API that asks the inventory and publishes orders, a worker that consumes them, the inventory. */
public class Orders {
  static final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  static final DateTimeFormatter clock = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  static final List<byte[]> kept = new CopyOnWriteArrayList<>();
  static String role;

  static void log(String level, String message, Throwable thrown) {
    StringWriter text = new StringWriter();
    text.append(String.format("%s %5s %d --- [%s] example.orders.%s : %s%n", clock.format(Instant.now()), level,
        ProcessHandle.current().pid(), Thread.currentThread().getName(), role, message));
    if (thrown != null) thrown.printStackTrace(new PrintWriter(text));
    System.out.print(text);
    System.out.flush();
  }

  interface Handler { int handle(HttpExchange exchange) throws Exception; }

  static HttpServer serve(int port, int threads, Map<String, Handler> routes) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 200);
    ExecutorService pool = ExecutorServiceMetrics.monitor(registry, Executors.newFixedThreadPool(threads), "http");
    server.setExecutor(pool);
    routes.forEach((path, handler) -> server.createContext(path, exchange -> {
      long began = System.nanoTime();
      int status = 500;
      try {
        status = handler.handle(exchange);
      } catch (Throwable thrown) {
        log("ERROR", "Request " + exchange.getRequestMethod() + " " + path + " failed", thrown);
      }
      Timer.builder("http.server.requests").publishPercentileHistogram().tags("method", exchange.getRequestMethod(), "uri", path, "status", "" + status)
          .register(registry).record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    }));
    HttpServer management = HttpServer.create(new InetSocketAddress("127.0.0.1", port + 1000), 20);
    management.createContext("/actuator/prometheus", exchange -> {
      byte[] page = registry.scrape().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, page.length);
      try (OutputStream out = exchange.getResponseBody()) { out.write(page); }
    });
    management.start();
    server.start();
    return server;
  }

  static Connection connect() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(System.getenv("AMQP_URL"));
    factory.setAutomaticRecoveryEnabled(true);
    factory.setNetworkRecoveryInterval(2000);
    factory.setConnectionTimeout(3000);
    return factory.newConnection(role);
  }

  static void api() throws Exception {
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    Connection connection = connect();
    ThreadLocal<Channel> channels = ThreadLocal.withInitial(() -> {
      try {
        Channel channel = connection.createChannel();
        channel.queueDeclare("orders", true, false, false, null);
        channel.confirmSelect();
        return channel;
      } catch (IOException thrown) { throw new UncheckedIOException(thrown); }
    });
    serve(8081, 16, Map.of("/orders", exchange -> {
      long began = System.nanoTime();
      String outcome = "SUCCESS";
      try {
        HttpRequest ask = HttpRequest.newBuilder(URI.create(System.getenv("INVENTORY_URL") + "/stock")).timeout(Duration.ofSeconds(3)).build();
        int status = client.send(ask, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status >= 400) throw new IOException("inventory answered " + status);
      } catch (IOException thrown) {
        outcome = "SERVER_ERROR";
        throw thrown;
      } finally {
        Timer.builder("http.client.requests").tags("client.name", "inventory", "outcome", outcome).register(registry).record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
      }
      Channel channel = channels.get();
      if (!channel.isOpen()) { channels.remove(); channel = channels.get(); }
      byte[] body = ("{\"order\":" + ThreadLocalRandom.current().nextInt(1000000) + "}").getBytes(StandardCharsets.UTF_8);
      channel.basicPublish("", "orders", MessageProperties.PERSISTENT_TEXT_PLAIN, body);
      channel.waitForConfirmsOrDie(3000);
      // api: end
      return 202;
    }));
  }

  static void worker() throws Exception {
    Connection connection = connect();
    Timer done = Timer.builder("orders.processing").publishPercentileHistogram().register(registry);
    for (int thread = 0; thread < 4; thread++) {
      Channel channel = connection.createChannel();
      channel.queueDeclare("orders", true, false, false, null);
      channel.basicQos(10);
      channel.basicConsume("orders", false, (tag, delivery) -> {
        long began = System.nanoTime();
        try {
          String order = new String(delivery.getBody(), StandardCharsets.UTF_8);
          Thread.sleep(12); // worker: the order is written
          channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        } catch (Exception thrown) {
          log("ERROR", "Order could not be processed, requeued", thrown);
          channel.basicNack(delivery.getEnvelope().getDeliveryTag(), false, true);
        }
        done.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
      }, tag -> log("WARN", "Consumer was cancelled", null));
    }
    serve(8082, 2, Map.of("/health", exchange -> 200));
  }

  static void inventory() throws Exception {
    serve(8083, 8, Map.of("/stock", exchange -> {
      Thread.sleep(3); // inventory: the stock is read
      return 200;
    }));
  }

  public static void main(String[] arguments) throws Exception {
    role = arguments[0];
    registry.config().commonTags("application", role);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmGcMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    log("INFO", "Starting " + role, null);
    switch (role) {
      case "orders-api" -> api();
      case "order-worker" -> worker();
      default -> inventory();
    }
    log("INFO", "Started " + role, null);
  }
}
