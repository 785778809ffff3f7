using System.Net;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using DigitPad.Api;
using DigitPad.Model;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DigitPad;

/// <summary>Builds the server.</summary>
internal static class PadServer
{
    public const string RatePolicy = "predictions";

    /// <summary>How long requests in progress may take to finish after the server was asked to stop.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The minimum rate of a body. A slower body is refused with status 408 after <see cref="BodyGrace"/>.</summary>
    public const int MinBytesPerSecond = 240;

    /// <summary>How long a body may be slower than the minimum rate.</summary>
    public static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);

    /// <summary>Builds the complete server, not yet started.</summary>
    public static WebApplication Build(PadSettings settings)
    {
        // All files come from the program's own folder: an appsettings.json or wwwroot in the current folder has no effect.
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = "wwwroot",
            EnvironmentName = Environments.Production,
        });

        // Refuses a page of another site whose host name was made to resolve to 127.0.0.1 (DNS rebinding).
        builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1";
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // Being unhealthy while there is no model isn't an error to log at each poll; /training and the log entries of the start give the
        // reason.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // The host logs a failed start as an error with a stack trace and throws it, too; Program reports it in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = PredictEndpoints.MaxBytes;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(MinBytesPerSecond, settings.BodyGrace ?? BodyGrace);
            kestrel.Listen(IPAddress.Loopback, settings.Port);
        });

        builder.Services.PostConfigure<Microsoft.AspNetCore.HostFiltering.HostFilteringOptions>(hosts => hosts.AllowEmptyHosts = false);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<ModelStore>();
        builder.Services.AddSingleton(_ => new ClientPixels(settings.PixelRate));
        builder.Services.AddHostedService<ModelStartup>();
        builder.Services.AddProblemDetails();
        builder.Services.AddHealthChecks().AddCheck<ModelHealth>("model");
        builder.Services.AddOpenApi(ApiDescription.Configure);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, PadJson.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services.AddRateLimiter(limiter => Limit(limiter, settings.RateLimit));

        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(AddSecurityHeaders);
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.UseRateLimiter();
        app.MapOpenApi();
        app.MapHealthChecks("/health", new HealthCheckOptions
        {
            ResponseWriter = ModelHealth.Write,

            // Degraded is a model that isn't there yet: the server can't predict, so a load balancer must not send requests.
            ResultStatusCodes = { [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable },
        });
        ApiPage.Map(app);
        ModelEndpoints.Map(app);
        PredictEndpoints.Map(app);
        return app;
    }

    private static void Limit(Microsoft.AspNetCore.RateLimiting.RateLimiterOptions limiter, int requestsPerSecond)
    {
        limiter.AddPolicy(RatePolicy, context => requestsPerSecond == 0
            ? RateLimitPartition.GetNoLimiter(IPAddress.None)
            : RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress ?? IPAddress.None,
                _ => new FixedWindowRateLimiterOptions { PermitLimit = requestsPerSecond, Window = TimeSpan.FromSeconds(1) }));
        limiter.OnRejected = async (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = "1";
            await Problems.TooManyRequests(requestsPerSecond).ExecuteAsync(rejected.HttpContext);
        };
    }

    private static Task AddSecurityHeaders(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-cache";
        return next(context);
    }
}
