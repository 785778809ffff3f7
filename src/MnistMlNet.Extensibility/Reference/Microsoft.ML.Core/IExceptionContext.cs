namespace Microsoft.ML.Runtime;

/// <summary>Public in ML.NET. <see cref="Process"/> marks an exception as one that ML.NET's own code knows about.</summary>
public interface IExceptionContext
{
    TException Process<TException>(TException ex)
        where TException : Exception;
}
