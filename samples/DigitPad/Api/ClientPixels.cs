using System.Net;
using System.Threading.RateLimiting;

namespace DigitPad.Api;

/// <summary>Limits the PNG pixels that are decoded for each client: one token bucket for each address, filled at a constant rate.</summary>
/// <remarks>The number of requests says little about their cost: an image may have 1 pixel or four million.</remarks>
internal sealed class ClientPixels : IDisposable
{
    /// <summary>The capacity of a bucket, in millions of pixels: nearly four of the largest requests, whatever the rate.</summary>
    public const int BurstMillions = 16;

    private const int Million = 1_000_000;
    private const int PeriodsPerSecond = 4;
    private readonly PartitionedRateLimiter<IPAddress>? _buckets;
    private readonly int _millionsPerSecond;

    /// <param name="millionsPerSecond">Millions of pixels a second for each client; 0 for no limit.</param>
    public ClientPixels(int millionsPerSecond)
    {
        _millionsPerSecond = millionsPerSecond;
        if (millionsPerSecond > 0)
        {
            _buckets = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
                client => RateLimitPartition.GetTokenBucketLimiter(client, _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = BurstMillions * Million,
                    TokensPerPeriod = millionsPerSecond * (Million / PeriodsPerSecond),
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1) / PeriodsPerSecond,
                }));
        }
    }

    /// <exception cref="ClientLimitException">The client has used up its current limit.</exception>
    public void Charge(IPAddress? client, int pixels)
    {
        using RateLimitLease? lease = _buckets?.AttemptAcquire(client ?? IPAddress.None, pixels);
        if (lease is { IsAcquired: false })
        {
            TimeSpan wait = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? after : TimeSpan.FromSeconds(1);
            throw new ClientLimitException(_millionsPerSecond, Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)));
        }
    }

    public void Dispose() => _buckets?.Dispose();
}
