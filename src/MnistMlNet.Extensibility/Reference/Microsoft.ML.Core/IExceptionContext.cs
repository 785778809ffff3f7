namespace Microsoft.ML.Runtime;

/// <summary>Public in ML.NET. <see cref="Process"/> marks an exception as one of ML.NET's own.</summary>
public interface IExceptionContext
{
    TException Process<TException>(TException ex)
        where TException : Exception;
}
