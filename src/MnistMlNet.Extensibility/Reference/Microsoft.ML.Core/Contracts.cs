namespace Microsoft.ML.Runtime;

/// <summary>Internal in ML.NET: where its schema errors are worded.</summary>
public static class Contracts
{
    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName)
        => throw null!;

    public static Exception ExceptSchemaMismatch(
        this IExceptionContext ctx, string paramName, string columnRole, string columnName, string expectedType, string actualType)
        => throw null!;
}
