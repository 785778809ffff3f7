using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Samples;

namespace DigitPad;

/// <summary>The options of the program and their validation.</summary>
internal static class PadCommand
{
    private static readonly Option<int> s_port = Number("--port", "n", "Port on 127.0.0.1; 0 for any free port.", 5080, 0, 65_535);

    private static readonly Option<string?> s_model = new("--model")
    {
        HelpName = "zip",
        Description = "The model file: loaded if it exists, else written after training. Default: samples/DigitPad/cache/digitpad.zip.",
    };

    private static readonly Option<string?> s_idx = new("--idx")
    {
        HelpName = "folder",
        Description = "Folder with MNIST's four IDX files, for the training. Default: samples/data/mnist.",
    };

    private static readonly Option<int> s_hiddenUnits = Number("--hidden-units", "n",
        "Units of the hidden layer, if the network is to be trained.", 64, 1, 1024);

    private static readonly Option<int> s_rateLimit = Number("--rate-limit", "n",
        "Prediction requests a second for each client; 0 for no limit.", 200, 0, 1_000_000);

    private static readonly Option<int> s_pixelRate = Number("--pixel-rate", "n",
        "Millions of PNG pixels a second for each client; 0 for no limit.", 8, 0, 1_000);

    public static void AddTo(Command command)
    {
        Option[] options = [s_port, s_model, s_idx, s_hiddenUnits, s_rateLimit, s_pixelRate];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            int port = parsed.GetValue(s_port);
            string model = parsed.GetValue(s_model) ?? InSamples("DigitPad", "cache", "digitpad.zip");
            string idx = parsed.GetValue(s_idx) ?? InSamples("data", "mnist");
            if (!File.Exists(model) && !Directory.Exists(idx))
            {
                throw new IOException($"There is neither the model '{model}' nor the folder '{idx}' to train one; give MNIST's four IDX "
                    + "files with --idx, or a model with --model.");
            }

            await using WebApplication app = PadServer.Build(new PadSettings(
                port,
                model,
                idx,
                parsed.GetValue(s_hiddenUnits),
                Epochs: null,
                parsed.GetValue(s_rateLimit),
                parsed.GetValue(s_pixelRate)));
            await Listen(app, port, cancellationToken);
            Console.WriteLine($"DigitPad is at {app.Urls.Single()} - press Ctrl+C to stop");
            await app.WaitForShutdownAsync(cancellationToken);
        });
    }

    private static async Task Listen(WebApplication app, int port, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new IOException($"Port {port} on 127.0.0.1 is in use, perhaps by another DigitPad; give another one, such as "
                + $"--port {(port < 65_535 ? port + 1 : port - 1)}, or --port 0 for any free port.", e);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new IOException($"The system doesn't allow port {port}; give a port of 1024 or above with --port.", e);
        }
    }

    private static string InSamples(params string[] parts) => Path.Combine([SampleFolder.Find("--idx and --model"), .. parts]);

    private static Option<int> Number(string name, string helpName, string description, int byDefault, int min, int max) => new(name)
    {
        HelpName = helpName,
        Description = description,
        DefaultValueFactory = _ => byDefault,

        // System.CommandLine's own message names a .NET type instead of the range.
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= min
                && value <= max)
            {
                return value;
            }

            result.AddError($"{name} is '{text}'; it must be a whole number from {min} to {max}.");
            return byDefault;
        },
    };
}
