using MnistMlNet.Tool;

namespace MnistMlNet.Tests.Tool;

/// <summary>The result of a command.</summary>
internal sealed record ToolRun(int Code, string Output, string Error)
{
    public static ToolRun Of(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = ToolProgram.Run(args, output, error);
        return new ToolRun(code, output.ToString(), error.ToString());
    }
}
