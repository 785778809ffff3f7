using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace MnistMlNet.Tests;

/// <summary>
/// The order of the tests for the seed in <c>MNISTMLNET_TEST_ORDER_SEED</c>; without a seed xunit's own order stays. Each name is hashed
/// with the seed, so that a subset of the tests has the same order as in the full run.
/// </summary>
internal static class RandomOrder
{
    public const string Variable = "MNISTMLNET_TEST_ORDER_SEED";

    /// <summary>Gets the seed, or null for xunit's own order; fails if the variable isn't a whole number.</summary>
    public static int? Seed { get; } = Parse(Environment.GetEnvironmentVariable(Variable));

    public static int? Parse(string? text) => string.IsNullOrEmpty(text) ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed) ? seed
        : throw new InvalidOperationException($"{Variable} is '{text}', but must be a whole number, such as 7, or be left unset.");

    public static IEnumerable<T> Of<T>(IEnumerable<T> items, Func<T, string> name, int? seed) => seed is null ? items
        : items.OrderBy(
            item => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {name(item)}"))), StringComparer.Ordinal);
}

/// <summary>Orders the tests of a class.</summary>
public sealed class RandomTestOrder : ITestCaseOrderer
{
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase => RandomOrder.Of(testCases, test => test.UniqueID, RandomOrder.Seed);
}

/// <summary>Orders the classes and the named collections, and writes the seed into the run's messages.</summary>
public sealed class RandomCollectionOrder(IMessageSink messages) : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections)
    {
        if (RandomOrder.Seed is int seed)
        {
            messages.OnMessage(new DiagnosticMessage($"The tests run in the order of {RandomOrder.Variable}={seed}."));
        }

        return RandomOrder.Of(testCollections, collection => collection.DisplayName, RandomOrder.Seed);
    }
}
