//! Mutations of principals: who may act, and in which roles.

use async_graphql::{ID, InputObject};
use yulin_domain::codes::Role;
use yulin_domain::journal::Refused;
use yulin_domain::party::{GrantRole, RegisterPrincipal, RevokeRole};

use super::common::SeenInput;
use super::read::{Read, maybe_id, seen};
use super::roots::mutations;
use crate::codes::Chosen;

/// A principal to be registered (登记操作主体).
#[derive(Debug, Clone, InputObject)]
pub struct RegisterPrincipalInput {
    /// A name of office or service, never of a natural person (名称).
    pub name: String,
    /// The party whose own data an ENTERPRISE reads (所属主体).
    pub party: Option<ID>,
    /// Its first roles (角色).
    #[graphql(default)]
    pub roles: Vec<Chosen<Role>>,
}

impl TryFrom<RegisterPrincipalInput> for RegisterPrincipal {
    type Error = Refused;
    fn try_from(RegisterPrincipalInput { name, party, roles }: RegisterPrincipalInput) -> Read<Self> {
        let roles = roles.into_iter().map(|role| role.0).collect();
        Ok(Self { name, party: maybe_id(party.as_ref(), "party")?, roles })
    }
}

/// A role to be granted (授予角色).
#[derive(Debug, Clone, InputObject)]
pub struct GrantRoleInput {
    /// The principal (操作主体).
    pub principal: SeenInput,
    /// The role (角色).
    pub role: Chosen<Role>,
}

impl TryFrom<GrantRoleInput> for GrantRole {
    type Error = Refused;
    fn try_from(GrantRoleInput { principal, role }: GrantRoleInput) -> Read<Self> {
        Ok(Self { principal: seen(&principal, "principal")?, role: role.0 })
    }
}

/// A role to be taken away (收回角色).
#[derive(Debug, Clone, InputObject)]
pub struct RevokeRoleInput {
    /// The principal (操作主体).
    pub principal: SeenInput,
    /// The role (角色).
    pub role: Chosen<Role>,
}

impl TryFrom<RevokeRoleInput> for RevokeRole {
    type Error = Refused;
    fn try_from(RevokeRoleInput { principal, role }: RevokeRoleInput) -> Read<Self> {
        Ok(Self { principal: seen(&principal, "principal")?, role: role.0 })
    }
}

mutations! {
    PrincipalMutations:
    /// Registers a principal, with its first roles (登记操作主体).
    register_principal(RegisterPrincipalInput) = RegisterPrincipal;
    /// Grants a role to a principal (授予角色).
    grant_role(GrantRoleInput) = GrantRole;
    /// Takes a role from a principal (收回角色).
    revoke_role(RevokeRoleInput) = RevokeRole;
}
