using Pneumothorax.Lab.Classroom.OwnImages;
using Pneumothorax.Lab.Runs.Agent;

namespace Pneumothorax.Lab.Runs.Tests.OwnImages;

/// <summary>The portal's side of reading pictures, with a program that never comes to an end with some of them.</summary>
public sealed class UntrustedImageReaderTests
{
    private const string Program =
        """
        while read line; do
          case "$line" in
            *endless*) exec sleep 1000 ;;
            *deadly*) exit 1 ;;
            *) echo '{"answered":null,"refused":"It has been read."}' ;;
          esac
        done
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PicturesThatTakeForEver_HoldUpNobodyElse()
    {
        using var reader = new UntrustedImageReader(new LabExecutable(await TestLab.ProgramAsync(Program)), new OwnImageLimits(), TimeProvider.System);
        using var leaving = new CancellationTokenSource();
        var endless = Enumerable.Range(0, 4).Select(i => reader.ReadAsync(1, $"endless-{i}", [], leaving.Token)).ToList();

        for (var i = 0; i < 3; i++) Assert.Equal("It has been read.", await RefusedAsync(reader, 2, $"quick-{i}"));
        Assert.Equal("The picture cannot be read: the program that opened it ended unexpectedly.", await RefusedAsync(reader, 3, "deadly"));
        Assert.Equal("It has been read.", await RefusedAsync(reader, 4, "quick"));

        Assert.All(endless, read => Assert.False(read.IsCompleted));
        await leaving.CancelAsync();
        foreach (var read in endless) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal("It has been read.", await RefusedAsync(reader, 1, "quick"));
    }

    private static async Task<string> RefusedAsync(UntrustedImageReader reader, int member, string path) =>
        (await Assert.ThrowsAsync<RequestRefusedException>(() => reader.ReadAsync(member, path, [], Token))).Message;
}
