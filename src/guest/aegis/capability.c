/*
 * Self-authenticating capabilities (SOSP'95 section 3.2): two words that say what, and a 64-bit
 * HalfSipHash-2-4 tag of them and of the resource's epoch under a key that only this file knows. A
 * capability is checked once, when it is bound; from then on the binding is a bit in the resource's
 * record, and using the resource costs a few instructions. Changing the epoch kills every
 * capability made before; 24 bits of it are in the capability for its reader, all 32 in the tag.
 * HalfSipHash: Aumasson and Bernstein's SipHash with 32-bit words.
 */
#include "aegis.h"
#include "network.h"

static uint32_t key[2];
static uint32_t machine_epoch;

static inline uint32_t rotate(uint32_t value, int bits)
{
    return value << bits | value >> (32 - bits);
}

static inline void sip_round(uint32_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 5) ^ v[0];
    v[0] = rotate(v[0], 16);
    v[2] += v[3];
    v[3] = rotate(v[3], 8) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 7) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 13) ^ v[2];
    v[2] = rotate(v[2], 16);
}

/* HalfSipHash-2-4 of 12 bytes, 64-bit result. About 600 cycles. */
static void sip_hash(const uint32_t k[2], uint32_t first, uint32_t second, uint32_t third,
                     uint32_t out[2])
{
    uint32_t v[4] = {k[0], k[1], 0x6c796765u ^ k[0], 0x74656462u ^ k[1]};
    const uint32_t message[4] = {first, second, third, 12u << 24};
    v[1] ^= 0xee;
    for (int i = 0; i < 4; i++) {
        v[3] ^= message[i];
        sip_round(v);
        sip_round(v);
        v[0] ^= message[i];
    }
    v[2] ^= 0xee;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    out[0] = v[1] ^ v[3];
    v[1] ^= 0xdd;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    out[1] = v[1] ^ v[3];
}

/* The 128-bit seed becomes the 64-bit key: its second half hashed under its first. */
void capability_init(const uint8_t seed[16])
{
    uint32_t word[4];
    for (int i = 0; i < 4; i++)
        word[i] = (uint32_t)seed[4 * i] | (uint32_t)seed[4 * i + 1] << 8 |
                  (uint32_t)seed[4 * i + 2] << 16 | (uint32_t)seed[4 * i + 3] << 24;
    sip_hash(word, word[2], word[3], 0, key);
}

/* Record of a page, line, extent, filter, tile or colour; 0 when there is none. */
static struct binding *binding_of(uint32_t kind, uint32_t instance)
{
    switch (kind) {
    case AEGIS_KIND_PAGE:
        return instance < kernel_state.page_count ? (struct binding *)&page_records[instance] : 0;
    case AEGIS_KIND_LINE:
        return instance < AEGIS_LINE_COUNT && lines[instance].flags
                   ? (struct binding *)&lines[instance]
                   : 0;
    case AEGIS_KIND_EXTENT:
        return instance < AEGIS_EXTENT_COUNT && extents[instance].owner
                   ? (struct binding *)&extents[instance]
                   : 0;
    case AEGIS_KIND_FILTER:
        return instance < AEGIS_FILTER_COUNT && filters[instance].owner
                   ? (struct binding *)&filters[instance]
                   : 0;
    case AEGIS_KIND_TILE:
        return instance < header->tile_count ? (struct binding *)&tiles[instance] : 0;
    case AEGIS_KIND_COLOUR:
        return instance < colour_count() ? (struct binding *)&colour_map[instance] : 0;
    default:
        return 0;
    }
}

/* Epoch in which a capability for this must have been made; 0 when there is no such thing. */
static uint32_t *epoch_of(uint32_t kind, uint32_t instance)
{
    struct binding *binding = binding_of(kind, instance);
    if (binding)
        return binding->owner == AEGIS_OWNER_FREE ? 0 : &binding->epoch;
    if (kind == AEGIS_KIND_ENV && instance < AEGIS_ENV_COUNT && envs[instance].id)
        return &envs[instance].epoch;
    if (kind == AEGIS_KIND_MACHINE && instance == 0)
        return &machine_epoch;
    return 0;
}

void capability_make(struct aegis_capability *made, uint32_t kind, uint32_t instance,
                     uint32_t rights)
{
    const uint32_t *epoch = epoch_of(kind, instance);
    ASSERT(epoch && instance < 1u << 24);
    made->name = kind << 24 | instance;
    made->rights = rights << 24 | (*epoch & 0xffffff);
    sip_hash(key, made->name, made->rights, *epoch, made->tag);
}

/* True when the four words are a capability that this kernel made and nobody has recalled. */
static kernel_bool is_authentic(uint32_t name, uint32_t rights, uint32_t tag0, uint32_t tag1)
{
    const uint32_t *epoch = epoch_of(name >> 24, name & 0xffffff);
    uint32_t tag[2];
    if (!epoch)
        return 0;
    sip_hash(key, name, rights, *epoch, tag);
    return ((tag[0] ^ tag0) | (tag[1] ^ tag1)) == 0;
}

int32_t call_bind(uint32_t name, uint32_t rights, uint32_t tag0, uint32_t tag1, uint32_t envid)
{
    int32_t error = 0;
    uint32_t kind = name >> 24, instance = name & 0xffffff;
    struct aegis_env *env;
    struct binding *binding;
    if (!is_authentic(name, rights, tag0, tag1))
        return -E_CAPABILITY;
    env = env_controlled(envid, &error);
    if (!env)
        return error;
    rights >>= 24;
    binding = binding_of(kind, instance);
    if (binding) {
        if (rights & AEGIS_RIGHT_READ)
            binding->readers |= env->slot_mask;
        if (rights & AEGIS_RIGHT_WRITE)
            binding->writers |= env->slot_mask;
    } else if (rights & AEGIS_RIGHT_CONTROL) {
        if (kind == AEGIS_KIND_ENV)
            envs[instance].controllers |= env->slot_mask;
        else
            env->privileges = 1;
    }
    return (int32_t)instance;
}

/* Breaks what others than the owner have of a resource. */
static void break_others(uint32_t kind, uint32_t instance, struct binding *binding)
{
    uint32_t kept = current_env->slot_mask;
    if (kind == AEGIS_KIND_PAGE) {
        page_break(instance);
        page_unpin(instance, current_env);
    }
    if (kind == AEGIS_KIND_TILE)
        tile_break(instance);
    if (kind == AEGIS_KIND_EXTENT) {
        disk_cancel_extent(instance, ~kept);
        extent_drop_parts(instance, ~kept);
    }
    binding->readers &= kept;
    binding->writers &= kept;
}

int32_t call_unbind(uint32_t kind, uint32_t instance)
{
    struct aegis_env *env = current_env;
    struct binding *binding = binding_of(kind, instance);
    if (!binding)
        return -E_RANGE;
    if (binding->owner == AEGIS_OWNER_KERNEL ||
        (binding->owner == env->id && kind != AEGIS_KIND_LINE))
        return -E_BUSY;
    if (((binding->readers | binding->writers) & env->slot_mask) == 0)
        return 0;
    if (kind == AEGIS_KIND_PAGE) {
        for (int i = 0; i < AEGIS_GUARANTEED_COUNT; i++)
            if (env->guaranteed[i] != 0 && env->guaranteed[i] >> 12 == instance)
                return -E_BUSY;
        page_unmap(instance);
        disk_cancel_page(instance, env->slot_mask); /* the transfers of others go on */
    }
    if (kind == AEGIS_KIND_TILE)
        tile_break(instance);
    if (kind == AEGIS_KIND_EXTENT)
        disk_cancel_extent(instance, env->slot_mask);
    binding->readers &= ~env->slot_mask;
    binding->writers &= ~env->slot_mask;
    if (kind == AEGIS_KIND_LINE || kind == AEGIS_KIND_EXTENT)
        revoke_answered(env, kind);
    return 0;
}

/* Whether the caller may make capabilities for it, and for which rights at most. */
static uint32_t owner_rights(uint32_t kind, uint32_t instance)
{
    struct aegis_env *env = current_env;
    struct binding *binding = binding_of(kind, instance);
    if (binding)
        return binding->owner == env->id ? AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE : 0;
    if (kind == AEGIS_KIND_ENV && instance < AEGIS_ENV_COUNT && envs[instance].id)
        return envs[instance].controllers & env->slot_mask ? AEGIS_RIGHT_CONTROL : 0;
    if (kind == AEGIS_KIND_MACHINE && instance == 0)
        return env->privileges ? AEGIS_RIGHT_CONTROL : 0;
    return 0;
}

int32_t call_mint(uint32_t kind, uint32_t instance, uint32_t rights)
{
    uint32_t allowed;
    if (!epoch_of(kind, instance))
        return -E_RANGE;
    allowed = owner_rights(kind, instance);
    if (kind == AEGIS_KIND_ENV && &envs[instance] == current_env)
        allowed = AEGIS_RIGHT_CONTROL; /* of itself: to put itself into another's hands */
    if (allowed == 0 || (rights & ~allowed) != 0)
        return -E_OWNER;
    capability_make(&kernel_state.result, kind, instance, rights);
    return 0;
}

int32_t call_derive(uint32_t name, uint32_t rights, uint32_t tag0, uint32_t tag1, uint32_t fewer)
{
    if (!is_authentic(name, rights, tag0, tag1))
        return -E_CAPABILITY;
    if ((fewer & ~(rights >> 24)) != 0)
        return -E_RIGHTS;
    capability_make(&kernel_state.result, name >> 24, name & 0xffffff, fewer);
    return 0;
}

/*
 * Control of an environment, or of the machine: afterwards the caller alone has it, but for an
 * environment's parent, which nobody shakes off.
 */
static int32_t recap_control(uint32_t kind, uint32_t instance)
{
    uint32_t *epoch = epoch_of(kind, instance);
    if (!epoch)
        return -E_RANGE;
    if (owner_rights(kind, instance) == 0)
        return -E_OWNER;
    (*epoch)++;
    if (kind == AEGIS_KIND_ENV) {
        const struct aegis_env *parent = env_find(envs[instance].parent);
        envs[instance].controllers &= parent ? parent->slot_mask : 0;
        envs[instance].controllers |= current_env->slot_mask;
    } else {
        for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++)
            envs[slot].privileges = &envs[slot] == current_env;
    }
    capability_make(&kernel_state.result, kind, instance, AEGIS_RIGHT_CONTROL);
    return 0;
}

int32_t call_recap(uint32_t kind, uint32_t instance)
{
    struct binding *binding = binding_of(kind, instance);
    if (!binding)
        return recap_control(kind, instance);
    if (binding->owner != current_env->id)
        return -E_OWNER;
    break_others(kind, instance, binding);
    binding->epoch++;
    capability_make(&kernel_state.result, kind, instance, AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE);
    return 0;
}
