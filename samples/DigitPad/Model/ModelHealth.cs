using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DigitPad.Model;

/// <summary>Healthy with a model, degraded while it is loaded or trained, and unhealthy after a failure.</summary>
internal sealed class ModelHealth(ModelStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.State switch
        {
            { Phase: "ready" } => HealthCheckResult.Healthy(),
            { Phase: "failed", Message: var message } => HealthCheckResult.Unhealthy(message),
            { Phase: var phase, Message: var message } => HealthCheckResult.Degraded($"{phase}: {message}"),
        });

    /// <summary>The state in one line, such as "Healthy" or "Degraded: training: Pass 3 of 20 over 60,000 digits is done."</summary>
    public static Task Write(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        string[] texts = [$"{report.Status}", .. report.Entries.Values.Select(entry => entry.Description).OfType<string>()];
        return context.Response.WriteAsync(string.Join(": ", texts));
    }
}
