using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Coursework;

public abstract class PinStoreTests(TestLabs labs)
{
    private const string View = "/runs/3/explanation?index=12&class=0";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pin_IsKeptAsSeen_TheNewestFirst()
    {
        await using var lab = await labs.OpenAsync();
        var (store, mira) = (lab.Get<PinStore>(), await IdOfAsync(lab, "Mira"));
        await store.AddAsync(mira, null, "/data/phantom?index=7", "Training image 7", null, "", Token);
        await store.AddAsync(mira, "failures", View, new('t', 500), "/api/runs/3/cam/12.png", " A drain. ", Token);

        var pins = await store.ListAsync(mira, Token);

        Assert.Equal([View, "/data/phantom?index=7"], pins.Select(pin => pin.Address));
        Assert.Equal(("failures", "A drain.", Pin.TitleLength), (pins[0].Question, pins[0].Note, pins[0].Title.Length));
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("/\t/elsewhere.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("runs/3")]
    [InlineData("")]
    public async Task Address_ThatLeadsOutOfThePortal_IsRefused(string address)
    {
        await using var lab = await labs.OpenAsync();
        var (store, mira) = (lab.Get<PinStore>(), await IdOfAsync(lab, "Mira"));

        await Assert.ThrowsAsync<RequestRefusedException>(() => store.AddAsync(mira, null, address, "Elsewhere", null, "", Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => store.AddAsync(mira, null, View, "Elsewhere", address, "", Token));

        Assert.Empty(await store.ListAsync(mira, Token));
    }

    [Fact]
    public async Task PinOfSomebodyElse_StaysAsItIs()
    {
        await using var lab = await labs.OpenAsync();
        var (store, mira, jonas) = (lab.Get<PinStore>(), await IdOfAsync(lab, "Mira"), await IdOfAsync(lab, "Jonas"));
        var pin = await store.AddAsync(mira, "failures", View, "Test image 12", null, "Mine.", Token);

        Assert.False(await store.MoveAsync(pin.Id, jonas, "changes", Token));
        Assert.False(await store.NoteAsync(pin.Id, jonas, "His.", Token));
        Assert.False(await store.DeleteAsync(pin.Id, jonas, Token));
        Assert.Empty(await store.ListAsync(jonas, Token));
        var kept = Assert.Single(await store.ListAsync(mira, Token));
        Assert.Equal(("failures", "Mine."), (kept.Question, kept.Note));

        Assert.True(await store.MoveAsync(pin.Id, mira, null, Token));
        Assert.True(await store.NoteAsync(pin.Id, mira, "Still mine.", Token));
        Assert.Equal((null, "Still mine."), Assert.Single(await store.ListAsync(mira, Token)) is var moved ? (moved.Question, moved.Note) : default);
        Assert.True(await store.DeleteAsync(pin.Id, mira, Token));
    }

    [Fact]
    public async Task TooManyPins_AreRefused_UntilOneIsRemoved()
    {
        await using var lab = await labs.OpenAsync();
        var (store, mira) = (lab.Get<PinStore>(), await IdOfAsync(lab, "Mira"));
        Pin? last = null;
        for (var i = 0; i < Pin.MostPerMember; i++) last = await store.AddAsync(mira, null, View, "Test image 12", null, "", Token);

        var refusal = await Assert.ThrowsAsync<RequestRefusedException>(() => store.AddAsync(mira, null, View, "One more", null, "", Token));
        Assert.Equal("You already have 500 pins. Remove some first.", refusal.Message);

        await store.DeleteAsync(last!.Id, mira, Token);
        await store.AddAsync(mira, null, View, "One more", null, "", Token);
        var nobody = await Assert.ThrowsAsync<RequestRefusedException>(() => store.AddAsync(999, null, View, "Nobody's", null, "", Token));
        Assert.Equal("You are no longer a member of this class.", nobody.Message);
    }

    private static async Task<int> IdOfAsync(TestLab lab, string name) => (await lab.AddStudentAsync(name)).MemberId!.Value;
}

public sealed class EmbeddedPinStoreTests() : PinStoreTests(TestLabs.Embedded);

public sealed class ScaledOutPinStoreTests(PostgresServer server) : PinStoreTests(new TestLabs(server));
