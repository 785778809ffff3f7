using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DigitPad.Model;

/// <summary>Healthy once there is a model to predict with.</summary>
internal sealed class ModelHealth(ModelStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.Model is null ? HealthCheckResult.Unhealthy(store.State.Message) : HealthCheckResult.Healthy());
}
