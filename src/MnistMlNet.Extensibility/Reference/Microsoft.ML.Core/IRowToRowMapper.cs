namespace Microsoft.ML.Data;

/// <summary>Public in ML.NET; declared here without members.</summary>
public interface IRowToRowMapper;
