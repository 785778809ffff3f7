using System.Text;

namespace DigitRecognition;

/// <summary>Replaces the characters of bars and drawings by similar ones where the terminal's encoding doesn't have them.</summary>
internal sealed class AsciiFallback : EncoderFallback
{
    private const string Characters = "━─█▀▄▏▎▍▌▋▊▉–…·→×";
    private const string Similar = "=-#\"_|||||##-..>x";

    public override int MaxCharCount => 1;

    public override EncoderFallbackBuffer CreateFallbackBuffer() => new Buffer();

    private sealed class Buffer : EncoderFallbackBuffer
    {
        private char _next;
        private int _remaining;

        public override int Remaining => _remaining;

        public override bool Fallback(char charUnknown, int index)
        {
            int found = Characters.IndexOf(charUnknown, StringComparison.Ordinal);
            _next = found < 0 ? '?' : Similar[found];
            _remaining = 1;
            return true;
        }

        public override bool Fallback(char charUnknownHigh, char charUnknownLow, int index) => Fallback(charUnknownHigh, index);

        // The end is the character 0.
        public override char GetNextChar() => _remaining-- > 0 ? _next : '\0';

        public override bool MovePrevious() => false;

        public override void Reset() => _remaining = 0;
    }
}
